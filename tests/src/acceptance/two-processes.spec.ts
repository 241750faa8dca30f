import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { withSeed, type SeededRandom } from '@steelyard/testing/seed';
import {
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import { deposit, grantedIn, refusalIn, transfer, withdraw } from './support/wire-commands.js';

const CLIENTS = 64;
const ROUNDS = 30;

interface Traffic {
  readonly name: string;
  readonly accounts: number;
}

describe('two processes on one database under 64 concurrent clients', () => {
  let processes: readonly BalanceProcess[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    processes = await startBalance(2, { DATABASE_URL: database.url, BALANCE_LANES: '2' });
  });

  /** What the clients were granted, by account: nothing else may be in the books. */
  const run = async ({ name, accounts }: Traffic, random: SeededRandom): Promise<Map<string, bigint>> => {
    const expected = new Map<string, bigint>();
    const add = (account: string, amount: bigint): void => {
      expected.set(account, (expected.get(account) ?? 0n) + amount);
    };
    const account = (): string => `${name}-${random.integer(0, accounts - 1)}`;
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        for (let round = 0; round < ROUNDS; round++) {
          const key = `${name}-${client}-${round}`;
          const [from, to, amount] = [account(), account(), BigInt(random.integer(1, 50))];
          const commands = [
            deposit(`${key}-deposit`, from, amount),
            withdraw(`${key}-withdraw`, from, amount),
          ];
          if (from !== to) commands.push(transfer(`${key}-transfer`, [from, to], 1n));
          const sent = commands.slice(0, random.integer(1, 3));
          const outcomes = await sendUntilAnswered(() => random.pick(processes), sent);
          for (const outcome of outcomes) {
            const transaction = grantedIn(outcome);
            expect(refusalIn(outcome) ?? 'granted').toMatch(
              /^(granted|INSUFFICIENT_BALANCE|ACCOUNT_NOT_FOUND)$/,
            );
            for (const entry of transaction?.entries ?? []) add(entry.accountId, entry.amount);
          }
        }
      }),
    );
    return expected;
  };

  it.each([
    { name: 'spread', accounts: 50 },
    { name: 'hot', accounts: 1 },
  ])('keep $accounts account(s) exact', (traffic) =>
    withSeed(async (random) => {
      const expected = await run(traffic, random);
      const { faults, balances } = await auditBooks(database.url);
      expect(faults).toEqual([]);
      for (const [account, balance] of expected) {
        if (!account.startsWith('@')) expect([account, balances.get(account)]).toEqual([account, balance]);
      }
      expect([...balances.values()].reduce((sum, balance) => sum + balance, 0n)).toBe(0n);
    }),
  );

  it('told no caller of their conflicts and met no failure', () => {
    for (const { app } of processes) expect(app.logs()).not.toMatch(/posting\.command\.failed|rpc\.failed/);
  });
});
