import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import {
  verifyHoldsAndPots,
  verifyInflation,
  verifyNothingDue,
  verifyStep,
} from '../../test/support/holds-and-pots-rules.js';
import { MemoryLedger, type Unit } from '../../test/support/memory-ledger.js';
import { playSteps, seatPlayers, unitsOfStep, type PlayStep } from '../../test/support/play-intents.js';
import { codesOf } from '../../test/support/table-builders.js';
import { asOfClock } from '../reservations/index.js';
import type { Answer } from './outcome.js';
import type { Inflation } from './plan-applier.js';

const RUNS = 100;
const FEW_RUNS = 30;
const RAKE = { basisPoints: 500, capChips: 3n, minPotChips: 10n };

function tableLedger(): MemoryLedger {
  const ledger = new MemoryLedger({ rake: RAKE, reservationTimeoutMs: 5_000 });
  seatPlayers(ledger);
  return ledger;
}

/** Executes each step as one batch. */
function playAll(
  ledger: MemoryLedger,
  steps: readonly PlayStep[],
  afterStep: (units: readonly Unit[], answers: readonly Answer[]) => void,
): void {
  for (const step of steps) {
    const units = unitsOfStep(step, ledger);
    afterStep(units, ledger.executeBatch(units));
  }
}

/** What a reader sees of a ledger, whatever the order in which it was written. */
function visible(ledger: MemoryLedger): object {
  const { accounts, reservations, pots } = ledger.state;
  return {
    balances: [...accounts.values()].map(({ accountId, balance }) => `${accountId} ${balance}`).sort(),
    reservations: [...reservations.values()]
      .map((one) => asOfClock(one, ledger.nowMs))
      .map(({ accountId, amount, captured, status, expiresAtMs }) => ({
        accountId,
        amount,
        captured,
        status,
        expiresAtMs,
      })),
    pots: [...pots.values()],
  };
}

describe('after any commands on holds, tables and pots, at any times', () => {
  it('accounts, reservations and pots agree, in storage and in memory', () => {
    fc.assert(
      fc.property(playSteps, fc.boolean(), (steps, forgets) => {
        const ledger = tableLedger();
        const marks: Inflation[] = [];
        let before = ledger.snapshot();
        playAll(ledger, steps, () => {
          marks.push(...ledger.lastInflations);
          ledger.verifyBooks();
          verifyHoldsAndPots(ledger.state);
          verifyStep(before, ledger.state, ledger.nowMs);
          if (ledger.lastWriteSet) verifyNothingDue(ledger.lastWriteSet, ledger.nowMs);
          verifyInflation(ledger.state, marks);
          before = ledger.snapshot();
          if (forgets) ledger.forget();
        });
        ledger.verifyChains();
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it('what was held is free again once all times are over', () => {
    fc.assert(
      fc.property(playSteps, (steps) => {
        const ledger = tableLedger();
        playAll(ledger, steps, () => undefined);
        ledger.nowMs += 86_400_000;
        const holders = [...ledger.state.accounts.values()].filter(({ held }) => held > 0n);
        for (const { accountId } of holders) {
          ledger.execute({ kind: 'expire-reservations', accountId, details: {} }, null);
          expect(ledger.account(accountId)).toMatchObject({ held: 0n, nextExpiryAtMs: null });
        }
        verifyHoldsAndPots(ledger.state);
      }),
      propertyParameters({ numRuns: FEW_RUNS }),
    );
  });
});

describe('the same commands on holds, tables and pots', () => {
  it('one by one and as batches are answered alike, and leave the same', () => {
    fc.assert(
      fc.property(playSteps, fc.boolean(), (steps, forgets) => {
        const [batched, oneByOne] = [tableLedger(), tableLedger()];
        for (const { passedMs, units } of steps) {
          // What was due and ended stays so when the clock goes back; what nobody touched in time does not.
          const step = { passedMs: Math.max(0, passedMs), units };
          const answers = batched.executeBatch(unitsOfStep(step, batched));
          const others = unitsOfStep(step, oneByOne).flatMap((unit) => {
            if (forgets) oneByOne.forget();
            return oneByOne.executeBatch([unit]);
          });
          expect(codesOf(answers)).toEqual(codesOf(others));
          expect(answers.map(({ isReplayed }) => isReplayed)).toEqual(
            others.map(({ isReplayed }) => isReplayed),
          );
        }
        expect(visible(batched)).toEqual(visible(oneByOne));
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it('sent again later are answered as at first, and have no second effect', () => {
    fc.assert(
      fc.property(playSteps, (steps) => {
        const ledger = tableLedger();
        const first = new Map<string, Answer>();
        const sent: Unit[] = [];
        playAll(ledger, steps, (units, answers) => {
          let next = 0;
          for (const unit of units) {
            const size = 'command' in unit ? 1 : unit.length;
            const answer = answers[next];
            next += size;
            if (!('command' in unit) || unit.slot === '' || !answer) continue;
            const key = `${unit.homeBucket} ${unit.slot} ${unit.fingerprint}`;
            if (!first.has(key)) first.set(key, answer);
            sent.push(unit);
          }
        });
        ledger.nowMs += 86_400_000;
        ledger.forget();
        const before = ledger.snapshot();
        const again = ledger.executeBatch(sent);
        again.forEach(({ outcome }, i) => {
          const unit = sent[i];
          if (!unit || !('command' in unit)) return;
          const known = first.get(`${unit.homeBucket} ${unit.slot} ${unit.fingerprint}`);
          expect(outcome).toEqual(known?.outcome);
        });
        expect(ledger.state).toEqual(before);
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });
});
