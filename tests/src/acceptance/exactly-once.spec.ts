import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { withSeed, type SeededRandom } from '@steelyard/testing/seed';
import {
  inParallel,
  sendOnce,
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import { deposit, refusalIn, transfer, withdraw } from './support/wire-commands.js';

const REQUESTS = 10_000;
const COPIES_MAX = 20;
const ACCOUNTS = 200;
/** Copies of so many requests are under way together. */
const WAVE_REQUESTS = 1_250;
const CALLERS = 48;
/** Commands that share a call, as the gateway makes them. */
const CALL_COMMANDS_MAX = 250;
/** Too short for many an answer: it is lost on its way. */
const IMPATIENT_DEADLINE_MAX_MS = 40;
const IMPATIENT = 0.15;
const CONFLICTS = 500;
/** Two processes that fight for every head make progress by the batch: large ones save minutes. */
const LARGE_BATCHES = { BALANCE_BATCH_COMMANDS_MAX: '2000' };
const TEST_TIMEOUT_MS = 900_000;

/** A request, and all answers that its copies got, without the mark that tells them apart. */
interface Logical {
  readonly command: balanceV1.Command;
  readonly answers: Set<string>;
}

function requestOf(index: number, random: SeededRandom): balanceV1.Command {
  const key = `request-${index}`;
  const account = (): string => `account-${random.integer(0, ACCOUNTS - 1)}`;
  const amount = BigInt(random.integer(1, 100));
  const [from, to] = [account(), account()];
  if (from === to || random.chance(0.4)) return deposit(key, from, amount);
  return random.chance(0.5) ? withdraw(key, from, amount) : transfer(key, [from, to], amount);
}

function withAnotherAmount(command: balanceV1.Command): balanceV1.Command {
  const { body } = command;
  switch (body?.$case) {
    case 'deposit':
      return { ...command, body: { ...body, value: { ...body.value, amount: body.value.amount + 1n } } };
    case 'withdraw':
      return { ...command, body: { ...body, value: { ...body.value, amount: body.value.amount + 1n } } };
    case 'transfer':
      return { ...command, body: { ...body, value: { ...body.value, amount: body.value.amount + 1n } } };
    default:
      throw new Error('no such request was made');
  }
}

/** What the caller was told. */
function textOf(outcome: balanceV1.Outcome): string {
  return JSON.stringify(outcome.result, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}

/** One to twenty; few more often than many, as it is with retries. */
function copiesOf(random: SeededRandom): number {
  return Math.min(random.integer(1, COPIES_MAX), random.integer(1, COPIES_MAX));
}

/** The copies of a wave, shuffled and cut into calls. */
function callsOf(wave: readonly Logical[], random: SeededRandom): Logical[][] {
  const copies = wave
    .flatMap((logical) => Array.from({ length: copiesOf(random) }, () => logical))
    .map((logical) => ({ logical, at: random.integer(0, 0x7fff_ffff) }))
    .sort((left, right) => left.at - right.at);
  const calls: Logical[][] = [];
  while (copies.length > 0) {
    calls.push(copies.splice(0, random.integer(1, CALL_COMMANDS_MAX)).map(({ logical }) => logical));
  }
  return calls;
}

describe('10,000 requests, each sent up to 20 times over two processes that are killed meanwhile', () => {
  let processes: readonly BalanceProcess[] = [];
  let requests: readonly Logical[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    processes = await startBalance(2, { DATABASE_URL: database.url, ...LARGE_BATCHES });
  });

  it(
    'have 10,000 effects and equal answers',
    () =>
      withSeed(async (random) => {
        const any = (): BalanceProcess => random.pick(processes);
        requests = Array.from({ length: REQUESTS }, (_, i): Logical => {
          return { command: requestOf(i, random), answers: new Set() };
        });
        const record = (logical: Logical | undefined, outcome: balanceV1.Outcome): void => {
          logical?.answers.add(textOf(outcome));
        };
        let lost = 0;
        for (let start = 0; start < REQUESTS; start += WAVE_REQUESTS) {
          const calls = callsOf(requests.slice(start, start + WAVE_REQUESTS), random);
          const killAt = random.integer(1, calls.length - 1);
          let started = 0;
          let restarted: Promise<void> | undefined;
          await inParallel(calls, CALLERS, async (call) => {
            started += 1;
            if (started === killAt) {
              const { app } = random.pick(processes);
              restarted = app.kill9().then(() => app.restart());
            }
            const deadlineMs = random.chance(IMPATIENT)
              ? random.integer(1, IMPATIENT_DEADLINE_MAX_MS)
              : undefined;
            const commands = call.map(({ command }) => command);
            const outcomes = await sendOnce(any(), commands, deadlineMs);
            if (outcomes === undefined) lost += 1;
            else outcomes.forEach((outcome, i) => record(call[i], outcome));
          });
          await restarted;
        }
        expect(lost).toBeGreaterThan(0);

        const unanswered = requests.filter(({ answers }) => answers.size === 0);
        for (const logical of unanswered) {
          const [outcome] = await sendUntilAnswered(any, [logical.command]);
          if (outcome !== undefined) record(logical, outcome);
        }
        const last = await sendUntilAnswered(
          any,
          requests.slice(0, 5_000).map(({ command }) => command),
        );
        last.forEach((outcome, i) => record(requests[i], outcome));
        expect(last.every(({ replayed }) => replayed)).toBe(true);
        expect(requests.filter(({ answers }) => answers.size !== 1)).toEqual([]);

        const granted = requests.filter(({ answers }) => [...answers][0]?.includes('"transaction"'));
        const { faults, effects } = await auditBooks(database.url);
        expect(faults).toEqual([]);
        expect(granted.length).toBeGreaterThan(REQUESTS / 2);
        expect(effects).toEqual(new Map(granted.map(({ command }) => [command.idempotencyKey, 1])));
      }),
    TEST_TIMEOUT_MS,
  );

  it('are refused with another body under a used key, by each process, always', () =>
    withSeed(async (random) => {
      const before = await auditBooks(database.url);
      const used = Array.from({ length: CONFLICTS }, () => random.pick(requests).command);
      for (const process of processes) {
        const outcomes = await sendUntilAnswered(() => process, used.map(withAnotherAmount));
        expect(new Set(outcomes.map(refusalIn))).toEqual(new Set(['IDEMPOTENCY_CONFLICT']));
      }
      const after = await auditBooks(database.url);
      expect([after.entries, after.balances]).toEqual([before.entries, before.balances]);
    }));
});
