import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { withSeed } from '@steelyard/testing/seed';
import {
  inParallel,
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import { deposit, refusalIn, transfer, withdraw } from './support/wire-commands.js';

const BALANCE = 2_000;
const CALLERS = 64;
const CALL_COMMANDS_MAX = 8;
const TEST_TIMEOUT_MS = 180_000;

describe('an account with a balance of 2,000 and 4,000 debits of 1 that race over two processes', () => {
  let processes: readonly BalanceProcess[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    processes = await startBalance(2, { DATABASE_URL: database.url });
  });

  it(
    'grants exactly 2,000 of them',
    () =>
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
        const calls: balanceV1.Command[][] = [];
        while (debits.length > 0) calls.push(debits.splice(0, random.integer(1, CALL_COMMANDS_MAX)));

        const counts = new Map<string, number>();
        await inParallel(calls, CALLERS, async (call) => {
          for (const outcome of await sendUntilAnswered(any, call)) {
            const result = refusalIn(outcome) ?? 'granted';
            counts.set(result, (counts.get(result) ?? 0) + 1);
          }
        });

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
      }),
    TEST_TIMEOUT_MS,
  );
});
