import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startPostgres, useDatabase, type TestPostgres } from '@steelyard/testing/postgres';
import { withSeed, type SeededRandom } from '@steelyard/testing/seed';
import { eventually } from '@steelyard/testing/wait';
import {
  inParallel,
  sendOnce,
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import { missingOrDoubled } from './support/effects.js';
import { ALL_KINDS, MixedRequests } from './support/mixed-requests.js';

const ROUNDS = 15;
const CALLERS = 24;
/** The kill comes after so many more answers: any moment of a batch is hit. */
const ANSWERS_UNTIL_KILL_MAX = 150;
/** Callers that wait longer than this for an answer stop waiting: nothing is known about what they asked for. */
const PATIENCE_MS = 4_000;
/** One in four hardly waits, and does not learn what becomes of what it asked for. */
const IMPATIENT_EVERY = 4;
const IMPATIENCE_MS = 100;
const TEST_TIMEOUT_MS = 900_000;
const SOON = { timeoutMs: 120_000, intervalMs: 1 };

/** Sends until it is told to stop, and puts down what became of everything. */
async function load(process: BalanceProcess, requests: MixedRequests, isOver: () => boolean): Promise<void> {
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      const patienceMs = caller % IMPATIENT_EVERY === 0 ? IMPATIENCE_MS : PATIENCE_MS;
      while (!isOver()) {
        const commands = Array.from({ length: (caller % 3) + 1 }, () => requests.next());
        requests.record(commands, await sendOnce(process, commands, patienceMs));
      }
    }),
  );
}

interface Killed {
  readonly url: string;
  readonly process: BalanceProcess;
  /** Kills, and resolves when the victim is back. */
  readonly killAndRestart: () => Promise<void>;
}

/** One round: load, kill at a random moment, and what is stored must be what was acknowledged. */
async function round(
  { url, process, killAndRestart }: Killed,
  requests: MixedRequests,
  random: SeededRandom,
): Promise<void> {
  let isOver = false;
  const callers = load(process, requests, () => isOver);
  const killAt = requests.acknowledged.size + random.integer(1, ANSWERS_UNTIL_KILL_MAX);
  await eventually(() => requests.acknowledged.size >= killAt, SOON);
  const back = killAndRestart();
  isOver = true;
  await Promise.all([callers, back]);

  const { faults, effects } = await auditBooks(url);
  expect(faults).toEqual([]);
  expect(missingOrDoubled(effects, requests)).toEqual([]);
}

/** The senders of what was never answered ask again, under the same keys. */
async function settle({ url, process }: Killed, requests: MixedRequests): Promise<void> {
  const { unknown } = requests;
  requests.unknown = [];
  await inParallel(unknown, CALLERS, async (command) => {
    requests.record([command], await sendUntilAnswered(() => process, [command]));
  });
  expect(requests.unknown).toEqual([]);
  const { faults, effects } = await auditBooks(url);
  expect(faults).toEqual([]);
  expect(missingOrDoubled(effects, requests)).toEqual([]);
  // Asked once more, all of them get the answers that they have.
  const before = new Map(requests.acknowledged);
  requests.record(unknown, await sendUntilAnswered(() => process, unknown));
  expect(requests.acknowledged).toEqual(before);
}

async function run(killed: Killed, random: SeededRandom): Promise<void> {
  const requests = new MixedRequests(random);
  const opening = requests.opening();
  requests.record(opening, await sendUntilAnswered(() => killed.process, opening));
  for (let i = 0; i < ROUNDS; i++) await round(killed, requests, random);
  expect(requests.unknown.length).toBeGreaterThan(0);
  await settle(killed, requests);
  expect([...requests.granted]).toEqual(expect.arrayContaining([...ALL_KINDS]));
}

describe('everything that was acknowledged is there once, and nothing is half there, after kill -9', () => {
  describe('of the balance app', () => {
    let processes: readonly BalanceProcess[] = [];
    // Before the database's own hook: the processes end before it is dropped.
    afterAll(() => stopBalance(processes));
    const database = useDatabase();
    beforeAll(async () => {
      processes = await startBalance(1, { DATABASE_URL: database.url });
    });

    it(
      `${ROUNDS} times at random moments`,
      () =>
        withSeed(async (random) => {
          const [process] = processes;
          if (process === undefined) throw new Error('no process runs');
          const { app } = process;
          const killAndRestart = async (): Promise<void> => {
            await app.kill9();
            await app.restart();
          };
          await run({ url: database.url, process, killAndRestart }, random);
        }),
      TEST_TIMEOUT_MS,
    );
  });

  describe('of PostgreSQL', () => {
    let server: TestPostgres | undefined;
    let processes: readonly BalanceProcess[] = [];
    beforeAll(async () => {
      server = await startPostgres();
      processes = await startBalance(1, { DATABASE_URL: server.url });
    });
    afterAll(async () => {
      await stopBalance(processes);
      await server?.stop();
    });

    it(
      `${ROUNDS} times at random moments`,
      () =>
        withSeed(async (random) => {
          const [process] = processes;
          const killed = server;
          if (process === undefined || killed === undefined) throw new Error('nothing runs');
          const killAndRestart = async (): Promise<void> => {
            await killed.kill9();
            await killed.restart();
          };
          await run({ url: killed.url, process, killAndRestart }, random);
        }),
      TEST_TIMEOUT_MS,
    );
  });
});
