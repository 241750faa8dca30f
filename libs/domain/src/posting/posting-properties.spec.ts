import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import { intentUnits, unitOf, type IntentUnit } from '../../test/support/intents.js';
import type { LedgerState } from '../../test/support/ledger-state.js';
import { MemoryLedger, type Unit } from '../../test/support/memory-ledger.js';
import type { Answer } from './outcome.js';
import { ignoresCeiling, isTransactionType } from './transaction-types.js';

const RUNS = 300;

/** Executes every unit as a batch of its own; the units as the core got them, and what it answered. */
function executeAll(
  ledger: MemoryLedger,
  wanted: readonly IntentUnit[],
  afterUnit: (unit: Unit) => void = () => undefined,
): { units: Unit[]; answers: Answer[] } {
  const units: Unit[] = [];
  const answers: Answer[] = [];
  for (const one of wanted) {
    const unit = unitOf(one, ledger);
    if (unit === undefined) continue;
    units.push(unit);
    answers.push(...ledger.executeBatch([unit]));
    afterUnit(unit);
  }
  return { units, answers };
}

/** The state without what depends on how commands were batched. */
function comparable(state: LedgerState): object {
  const entries = state.entries.map((entry) => ({ ...entry, transactionIndex: 0 }));
  return { ...state, entries };
}

describe('after any commands', () => {
  it('every chain verifies, every account holds the sum of its entries, every currency sums to zero', () => {
    fc.assert(
      fc.property(intentUnits, (wanted) => {
        const ledger = new MemoryLedger();
        // The rules of the write set (zero sums, no gaps, no overdraft) are checked at every commit.
        executeAll(ledger, wanted);
        ledger.verifyChains();
        const sums = new Map<string, bigint>();
        for (const { currency, balance } of ledger.state.accounts.values()) {
          sums.set(currency, (sums.get(currency) ?? 0n) + balance);
        }
        for (const sum of sums.values()) expect(sum).toBe(0n);
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it('no credit went above a ceiling but by the types that ignore it', () => {
    fc.assert(
      fc.property(intentUnits, (wanted) => {
        const ledger = new MemoryLedger();
        let checked = 0;
        executeAll(ledger, wanted, (unit) => {
          const entries = ledger.state.entries.slice(checked);
          checked = ledger.state.entries.length;
          // Within a group the limits may have been others when the entry was made.
          if (!('command' in unit)) return;
          for (const entry of entries) expectBelowCeiling(ledger, entry);
        });
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it('no transaction gave back more than it had moved', () => {
    fc.assert(
      fc.property(intentUnits, (wanted) => {
        const ledger = new MemoryLedger();
        executeAll(ledger, wanted);
        for (const [place, reversed] of ledger.state.reversals) {
          const entry = ledger.state.entries.find(
            ({ bucket, factSequence, ordinal }) => ordinal === 1 && place === `${bucket}/${factSequence}`,
          );
          const moved = entry?.amount ?? 0n;
          expect(reversed > 0n && reversed <= (moved < 0n ? -moved : moved)).toBe(true);
        }
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });
});

describe('the same commands', () => {
  it('cut into batches in any way give the same answers and the same state', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(intentUnits, cuts, fc.boolean(), (wanted, sizes, forgets) => {
        const oneByOne = new MemoryLedger();
        const { units, answers } = executeAll(oneByOne, wanted);
        const batched = new MemoryLedger();
        const batchedAnswers: Answer[] = [];
        for (let start = 0, i = 0; start < units.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          batchedAnswers.push(...batched.executeBatch(units.slice(start, start + size)));
          if (forgets) batched.forget();
          start += size;
        }
        expect(batchedAnswers).toEqual(answers);
        expect(comparable(batched.state)).toEqual(comparable(oneByOne.state));
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it('sent twice have one effect, and the keys of their first answers answer again', () => {
    fc.assert(
      fc.property(intentUnits, (wanted) => {
        const ledger = new MemoryLedger();
        const { units } = executeAll(
          ledger,
          wanted.filter(({ isAtomic, isDryRun }) => !isAtomic && !isDryRun),
        );
        const before = ledger.snapshot();
        ledger.forget();
        for (const { outcome, isReplayed } of ledger.executeBatch(units)) {
          const isConflict = outcome.kind === 'refusal' && outcome.code === 'IDEMPOTENCY_CONFLICT';
          expect(isReplayed || isConflict).toBe(true);
        }
        expect(ledger.state).toEqual(before);
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it('as dry runs change nothing', () => {
    fc.assert(
      fc.property(intentUnits, intentUnits, (wanted, asked) => {
        const ledger = new MemoryLedger();
        executeAll(ledger, wanted);
        const before = ledger.snapshot();
        executeAll(
          ledger,
          asked.map((unit) => ({ ...unit, isDryRun: true })),
        );
        expect(ledger.state).toEqual(before);
      }),
      propertyParameters({ numRuns: RUNS / 3 }),
    );
  });
});

function expectBelowCeiling(ledger: MemoryLedger, entry: LedgerState['entries'][number]): void {
  const { maxBalance } = ledger.state.accounts.get(`${entry.bucket} ${entry.accountId}`) ?? {};
  if (entry.amount < 0n || maxBalance === undefined || maxBalance === null) return;
  if (entry.balanceAfter <= maxBalance) return;
  const place = ledger.state.facts.find(
    ({ key }) => key.bucket === entry.bucket && key.sequence === entry.factSequence,
  );
  const kind = place?.kind ?? '';
  expect(isTransactionType(kind) && ignoresCeiling(kind)).toBe(true);
}
