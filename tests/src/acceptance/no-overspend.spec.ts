import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { withSeed, type SeededRandom } from '@steelyard/testing/seed';
import {
  inParallel,
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import {
  cashOut,
  commit,
  contribute,
  deposit,
  refusalIn,
  reservationIn,
  reserve,
  transfer,
  withdraw,
} from './support/wire-commands.js';

const BALANCE = 2_000;
const CALLERS = 64;
const CALL_COMMANDS_MAX = 8;
const DAY_SECONDS = 86_400;

/** Sends commands in calls of random size that race each other; how many were answered how. */
async function race(
  processes: readonly BalanceProcess[],
  commands: readonly balanceV1.Command[],
  random: SeededRandom,
): Promise<ReadonlyMap<string, number>> {
  const waiting = [...commands];
  const calls: balanceV1.Command[][] = [];
  while (waiting.length > 0) calls.push(waiting.splice(0, random.integer(1, CALL_COMMANDS_MAX)));
  const counts = new Map<string, number>();
  await inParallel(calls, CALLERS, async (call) => {
    for (const outcome of await sendUntilAnswered(() => random.pick(processes), call)) {
      const result = refusalIn(outcome) ?? 'granted';
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
  });
  return counts;
}

describe('an account with a balance of 2,000 and 4,000 debits of 1 that race over two processes', () => {
  let processes: readonly BalanceProcess[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    processes = await startBalance(2, { DATABASE_URL: database.url });
  });

  it('grants exactly 2,000 of them', () =>
    withSeed(async (random) => {
      const any = (): BalanceProcess => random.pick(processes);
      await sendUntilAnswered(any, [
        deposit('opening', 'payer', BigInt(BALANCE)),
        ...[0, 1, 2].map((i) => deposit(`opening-${i}`, `receiver-${i}`, 1n)),
      ]);
      const debits = Array.from({ length: 2 * BALANCE }, (_, i) =>
        random.chance(0.5)
          ? withdraw(`debit-${i}`, 'payer', 1n)
          : transfer(`debit-${i}`, ['payer', `receiver-${random.integer(0, 2)}`], 1n),
      );
      const counts = await race(processes, debits, random);

      expect(counts).toEqual(
        new Map([
          ['granted', BALANCE],
          ['INSUFFICIENT_BALANCE', BALANCE],
        ]),
      );
      const { faults, balances, effects } = await auditBooks(database.url);
      expect(faults).toEqual([]);
      expect(balances.get('payer')).toBe(0n);
      expect([...effects.keys()].filter((key) => key.startsWith('debit-'))).toHaveLength(BALANCE);
    }));
});

describe('an account with a balance of 2,000 and 4,000 debits and holds of 1 that race over two processes', () => {
  let processes: readonly BalanceProcess[] = [];
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    processes = await startBalance(2, { DATABASE_URL: database.url });
  });

  it('grants exactly 2,000 of them, and what it holds can still be spent by those who hold it', () =>
    withSeed(async (random) => {
      const any = (): BalanceProcess => random.pick(processes);
      await sendUntilAnswered(any, [deposit('opening', 'payer', BigInt(BALANCE))]);
      const wanted = Array.from({ length: 2 * BALANCE }, (_, i) =>
        random.chance(0.5)
          ? withdraw(`debit-${i}`, 'payer', 1n)
          : reserve(`hold-${i}`, ['payer', 1n], { timeoutSeconds: DAY_SECONDS }),
      );

      expect(await race(processes, wanted, random)).toEqual(
        new Map([
          ['granted', BALANCE],
          ['INSUFFICIENT_BALANCE', BALANCE],
        ]),
      );
      const { faults, balances, effects } = await auditBooks(database.url);
      expect(faults).toEqual([]);
      const holds = [...effects.keys()].filter((key) => key.startsWith('hold-'));
      const debits = [...effects.keys()].filter((key) => key.startsWith('debit-'));
      expect(holds.length + debits.length).toBe(BALANCE);
      expect(balances.get('payer')).toBe(BigInt(holds.length));

      // The same requests again are answered as before: that tells the ids of what is held.
      const held = wanted.filter(({ idempotencyKey }) => holds.includes(idempotencyKey));
      const ids = (await sendUntilAnswered(any, held)).map(
        (outcome) => reservationIn(outcome)?.reservationId,
      );
      const commits = ids.map((id = '', i) => commit(`commit-${i}`, id));
      expect(await race(processes, commits, random)).toEqual(new Map([['granted', holds.length]]));
      const after = await auditBooks(database.url);
      expect(after.faults).toEqual([]);
      expect(after.balances.get('payer')).toBe(0n);
    }));
});

describe('a strict table with 1,000 chips and 2,000 movements of 1 that race over two processes', () => {
  const CHIPS = 1_000;
  let processes: readonly BalanceProcess[] = [];
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    processes = await startBalance(2, { DATABASE_URL: database.url, TABLE_ESCROW_POLICY: 'strict' });
  });

  it('lets exactly 1,000 chips go, to players and into pots', () =>
    withSeed(async (random) => {
      const any = (): BalanceProcess => random.pick(processes);
      const players = ['alice', 'bob', 'carol'];
      await sendUntilAnswered(
        any,
        players.map((player) => deposit(`opening-${player}`, player, BigInt(CHIPS))),
      );
      const target = { $case: 'tableId' as const, value: 'felt' };
      const terms = { timeoutSeconds: DAY_SECONDS, target };
      const [held] = await sendUntilAnswered(any, [reserve('buy-in', ['alice', BigInt(CHIPS)], terms)]);
      const reservationId = held && reservationIn(held)?.reservationId;
      await sendUntilAnswered(any, [commit('sit-down', reservationId ?? '')]);
      const movements = Array.from({ length: 2 * CHIPS }, (_, i) => {
        const seatId = random.integer(0, players.length - 1);
        const accountId = players[seatId] ?? '';
        if (random.chance(0.5)) return cashOut(`cash-out-${i}`, ['felt', accountId], 1n);
        const hand = { tableId: 'felt', handId: `hand-${random.integer(1, 4)}` };
        return contribute(`bet-${i}`, hand, { seatId, accountId, amount: 1n });
      });

      expect(await race(processes, movements, random)).toEqual(
        new Map([
          ['granted', CHIPS],
          ['INSUFFICIENT_ESCROW', CHIPS],
        ]),
      );
      const { faults, balances, effects } = await auditBooks(database.url);
      expect(faults).toEqual([]);
      expect(balances.get('@table/felt/CHIPS')).toBe(0n);
      const sumOf = (isOne: (id: string) => boolean): bigint =>
        [...balances].reduce((sum, [id, balance]) => (isOne(id) ? sum + balance : sum), 0n);
      const bets = [...effects.keys()].filter((key) => key.startsWith('bet-'));
      expect(sumOf((id) => id.startsWith('@pot/'))).toBe(BigInt(bets.length));
      expect(sumOf((id) => players.includes(id))).toBe(BigInt(players.length * CHIPS - bets.length));
    }));
});
