import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { withSeed, type SeededRandom } from '@steelyard/testing/seed';
import {
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import {
  commit,
  deposit,
  refusalIn,
  release,
  reservationIn,
  reserve,
  type HoldTarget,
} from './support/wire-commands.js';

const HOLDS = 500;
const ACCOUNTS = 25;
const OPENING = 1_000_000n;
/** So many holds are hit together; their calls come from as many callers. */
const WAVE = 100;
/** A machine that stands still shows few of the ways to end in one wave: it gets more of them. */
const WAVES_MAX = 20;
const ENDS = ['COMMITTED', 'EXPIRED', 'RELEASED'];
/** The shortest there is, so that those that wait for the end of a hold wait little. */
const TIMEOUT_SECONDS = 1;
/** Where holding alone takes most of that, holds are longer: they are to be hit before their end, too. */
const TIMEOUT_SECONDS_MAX = 16;
/** Commands meet the end of a hold within so many milliseconds before and after. */
const NEAR_MS = 40;
/** Of those that are hit, the rest is hit long before its time is over. */
const AT_THE_END = 0.5;
const LEFT_ALONE = 50;

interface Held {
  readonly reservation: balanceV1.Reservation;
  /** What the third commit asks for; less than is held. */
  readonly part: bigint;
}

/** What became of one hold: every answer that it got, and where it ended. */
interface Story {
  readonly held: Held;
  readonly answers: Readonly<Record<Attempt, balanceV1.Outcome>>;
  readonly end: balanceV1.Reservation;
}

type Attempt = 'commit' | 'commitToo' | 'commitPart' | 'release';

/** The sweeper, if it runs, runs as often as it can. */
describe.each([
  { title: 'without the sweeper', sweepIntervalMs: 0 },
  { title: 'with the sweeper', sweepIntervalMs: 5 },
])('holds hit at once by two commits, a commit of a part, a release and their expiry, $title', (setup) => {
  let processes: readonly BalanceProcess[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    const sweep = { RESERVATION_SWEEP_INTERVAL_MS: `${setup.sweepIntervalMs}` };
    processes = await startBalance(2, { DATABASE_URL: database.url, ...sweep });
  });

  it('end in one legal way each, and the remainder comes back once', () =>
    withSeed(async (random) => {
      await send(processes, random, openings());
      const ends = new Map<string, number>();
      let captured = 0n;
      let timeoutSeconds = TIMEOUT_SECONDS;
      for (let wave = 0; wave < HOLDS / WAVE || (ends.size < ENDS.length && wave < WAVES_MAX); wave++) {
        const held = await hold(processes, random, { wave, timeoutSeconds });
        if (isHalfOver(held, timeoutSeconds))
          timeoutSeconds = Math.min(2 * timeoutSeconds, TIMEOUT_SECONDS_MAX);
        const stories = await Promise.all(held.map((one) => hit(processes, random, one)));
        for (const story of stories) {
          expect(faultsOf(story)).toEqual([]);
          ends.set(story.end.status, (ends.get(story.end.status) ?? 0) + 1);
          captured += story.end.captured;
        }
      }
      // Little would be proved if one of them always won.
      expect([...ends.keys()].sort()).toEqual(ENDS);
      expect(await leftAlone(processes, random)).toEqual([]);

      const { faults, balances } = await auditBooks(database.url);
      expect(faults).toEqual([]);
      const left = [...balances].filter(([id]) => id.startsWith('holder-'));
      expect(left.reduce((sum, [, balance]) => sum + balance, 0n)).toBe(
        OPENING * BigInt(ACCOUNTS) - captured,
      );
    }));
});

function openings(): balanceV1.Command[] {
  const holders = Array.from({ length: ACCOUNTS }, (_, i) => `holder-${i}`);
  return [...holders, 'shop'].map((id) => deposit(`opening-${id}`, id, OPENING));
}

function send(
  processes: readonly BalanceProcess[],
  random: SeededRandom,
  commands: readonly balanceV1.Command[],
): Promise<readonly balanceV1.Outcome[]> {
  return sendUntilAnswered(() => random.pick(processes), commands);
}

async function hold(
  processes: readonly BalanceProcess[],
  random: SeededRandom,
  { wave, timeoutSeconds }: { readonly wave: number; readonly timeoutSeconds: number },
): Promise<readonly Held[]> {
  const targets: readonly NonNullable<HoldTarget>[] = [
    { $case: 'toAccountId', value: 'shop' },
    { $case: 'tableId', value: 'table-1' },
  ];
  const commands = Array.from({ length: WAVE }, (_, i) => {
    const accountId = `holder-${random.integer(0, ACCOUNTS - 1)}`;
    const amount = BigInt(random.integer(2, 50));
    const target = random.chance(0.3) ? undefined : random.pick(targets);
    const terms = { timeoutSeconds, target };
    return reserve(`hold-${wave}-${i}`, [accountId, amount], terms);
  });
  return (await send(processes, random, commands)).map((outcome) => {
    const reservation = reservationIn(outcome);
    if (!reservation) throw new Error(`a hold was refused with ${refusalIn(outcome)}`);
    return { reservation, part: BigInt(random.integer(1, Number(reservation.amount) - 1)) };
  });
}

/** True when more than half of the time of some hold has passed before anybody hit it. */
function isHalfOver(held: readonly Held[], timeoutSeconds: number): boolean {
  const firstEndMs = Math.min(...held.map(({ reservation }) => Number(reservation.expiresAtMs)));
  return firstEndMs - Date.now() < timeoutSeconds * 500;
}

/** All commands within a few milliseconds of each other: some at once, some as the time of the hold ends. */
async function hit(processes: readonly BalanceProcess[], random: SeededRandom, held: Held): Promise<Story> {
  const { reservationId, expiresAtMs } = held.reservation;
  const endsInMs = Number(expiresAtMs) - Date.now();
  const middleMs = random.chance(AT_THE_END) ? endsInMs : random.integer(NEAR_MS, endsInMs / 2);
  const attempt = async (command: balanceV1.Command): Promise<balanceV1.Outcome> => {
    await delay(Math.max(0, middleMs + random.integer(-NEAR_MS, NEAR_MS)));
    const [outcome] = await send(processes, random, [command]);
    if (!outcome) throw new Error('one command has one answer');
    return outcome;
  };
  const [first, second, part, released] = await Promise.all([
    attempt(commit(`first-${reservationId}`, reservationId)),
    attempt(commit(`second-${reservationId}`, reservationId)),
    attempt(commit(`part-${reservationId}`, reservationId, held.part)),
    attempt(release(`release-${reservationId}`, reservationId)),
  ]);
  const answers = { commit: first, commitToo: second, commitPart: part, release: released };
  const end = await random.pick(processes).client.call('getReservation', { reservationId });
  if (!end.reservation) throw new Error('a hold that was answered is there');
  return { held, answers, end: end.reservation };
}

/** What contradicts where the hold ended, one line a fault. */
function faultsOf({ held, answers, end }: Story): string[] {
  const { amount } = held.reservation;
  const said = Object.entries(answers).map(([attempt, outcome]) => `${attempt}: ${saidBy(outcome)}`);
  const story = (refusals: Readonly<Record<Attempt, string>>): string[] => {
    const expected = Object.entries(refusals).map(([attempt, text]) => `${attempt}: ${text}`);
    return said.join() === expected.join() ? [] : [`${end.status}: ${said.join()}`];
  };
  switch (end.status) {
    case 'COMMITTED': {
      if (end.captured !== amount && end.captured !== held.part) {
        return [`captured ${end.captured}, which nobody asked for`];
      }
      const granted = `COMMITTED ${end.captured} ${end.transactionId}`;
      const commitPart = end.captured === held.part ? granted : 'ALREADY_COMMITTED';
      // A commit that names no amount is answered with whatever was committed.
      return story({ commit: granted, commitToo: granted, commitPart, release: 'ALREADY_COMMITTED' });
    }
    case 'RELEASED':
      return story({
        ...{ commit: 'RESERVATION_NOT_HELD', commitToo: 'RESERVATION_NOT_HELD' },
        ...{ commitPart: 'RESERVATION_NOT_HELD', release: 'RELEASED 0 ' },
      });
    case 'EXPIRED':
      return story({
        ...{ commit: 'RESERVATION_EXPIRED', commitToo: 'RESERVATION_EXPIRED' },
        ...{ commitPart: 'RESERVATION_EXPIRED', release: 'EXPIRED 0 ' },
      });
    default:
      return [`ended as ${end.status}`];
  }
}

function saidBy(outcome: balanceV1.Outcome): string {
  const reservation = reservationIn(outcome);
  if (!reservation) return refusalIn(outcome) ?? 'nothing';
  return `${reservation.status} ${reservation.captured} ${reservation.transactionId}`;
}

/** Nobody ends these: their time does. What is available is then as it was, whoever asks first. */
async function leftAlone(processes: readonly BalanceProcess[], random: SeededRandom): Promise<string[]> {
  const commands = Array.from({ length: LEFT_ALONE }, (_, i) =>
    reserve(`alone-${i}`, [`holder-${i % ACCOUNTS}`, 7n], { timeoutSeconds: TIMEOUT_SECONDS }),
  );
  const held = (await send(processes, random, commands)).map((outcome) => reservationIn(outcome));
  const lastMs = Math.max(...held.map((reservation) => Number(reservation?.expiresAtMs)));
  await delay(Math.max(0, lastMs - Date.now()) + 1);
  const { client } = random.pick(processes);
  const accountIds = Array.from({ length: ACCOUNTS }, (_, i) => `holder-${i}`);
  const { accounts } = await client.call('getAccounts', { accountIds });
  const reads = held.map((reservation) =>
    client.call('getReservation', { reservationId: reservation?.reservationId ?? '' }),
  );
  const statuses = (await Promise.all(reads)).map(({ reservation }) => reservation?.status);
  // To the last chip, and no chip more: this is decided on what is available.
  const all = accounts.map((account) =>
    reserve(`all-${account.accountId}`, [account.accountId, account.balance], { timeoutSeconds: 60 }),
  );
  const refused = (await send(processes, random, all)).map(refusalIn);
  return [
    ...accounts.filter(({ held: amount }) => amount !== 0n).map(({ accountId }) => `${accountId} holds`),
    ...statuses.filter((status) => status !== 'EXPIRED').map((status) => `a hold is ${status}`),
    ...refused.filter((code) => code !== undefined),
  ];
}
