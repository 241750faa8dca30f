import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { withSeed } from '@steelyard/testing/seed';
import {
  sendUntilAnswered,
  startBalance,
  stopBalance,
  type BalanceProcess,
} from './support/balance-processes.js';
import { auditBooks } from './support/books-audit.js';
import { deposit, grantedIn, transfer } from './support/wire-commands.js';

const CALLERS = 64;
const CALLS = 60;
const HOT_SHARE = 0.9;
const OTHERS = 100;

describe('90 % of the traffic on one account', () => {
  let processes: readonly BalanceProcess[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => stopBalance(processes));
  const database = useDatabase();
  beforeAll(async () => {
    processes = await startBalance(1, { DATABASE_URL: database.url });
  });

  it('is answered without an error, and every step of its balance was seen by exactly one caller', () =>
    withSeed(async (random) => {
      const [process] = processes;
      if (process === undefined) throw new Error('no process runs');
      await sendUntilAnswered(
        () => process,
        ['hot', ...Array.from({ length: OTHERS }, (_, i) => `other-${i}`)].map((account) =>
          deposit(`opening-${account}`, account, 1_000n),
        ),
      );
      const steps: {
        readonly sequence: bigint;
        readonly balanceBefore: bigint;
        readonly balanceAfter: bigint;
      }[] = [];
      await Promise.all(
        Array.from({ length: CALLERS }, async (_, caller) => {
          for (let i = 0; i < CALLS; i++) {
            const others = [random.integer(0, OTHERS - 1), random.integer(0, OTHERS - 1)];
            const [one, two] = others.map((other) => `other-${other}`);
            const left = random.chance(HOT_SHARE) ? 'hot' : (one ?? '');
            const right = two === left ? 'other-x' : (two ?? '');
            const pair = random.chance(0.5) ? ([left, right] as const) : ([right, left] as const);
            const outcomes = await sendUntilAnswered(
              () => process,
              [deposit(`${caller}-${i}-a`, pair[0], 1n), transfer(`${caller}-${i}-b`, pair, 1n)],
            );
            const entries = outcomes.flatMap((outcome) => grantedIn(outcome)?.entries ?? []);
            steps.push(...entries.filter(({ accountId }) => accountId === 'hot'));
          }
        }),
      );

      steps.sort((left, right) => (left.sequence < right.sequence ? -1 : 1));
      expect(steps.map(({ sequence }) => sequence)).toEqual(steps.map((_, i) => BigInt(i + 2)));
      let balance = 1_000n;
      for (const step of steps) {
        expect(step.balanceBefore).toBe(balance);
        balance = step.balanceAfter;
      }
      const { faults, balances } = await auditBooks(database.url);
      expect(faults).toEqual([]);
      expect(balances.get('hot')).toBe(balance);
      expect(process.app.logs()).not.toMatch(/posting\.command\.failed|rpc\.failed/);
    }));
});
