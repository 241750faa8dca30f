import type { ChainPosition, EntrySum } from '../account-check/check-position.js';
import type { ProvenState } from '../reconciliation/account-proof.js';
import type { AccountState, AccountStateReads } from '../reconciliation/account-state.port.js';
import { proveChain } from '../verification/chain-proof.js';
import type { VerificationReads } from '../verification/verification-reads.port.js';
import { chainValidation, type ChainValidation } from './account-validation.js';

/** Entries a statement: some ten milliseconds. */
const ENTRIES_PER_SUM = 20_000;

export interface ChainCheckReads {
  readonly states: AccountStateReads;
  readonly verification: VerificationReads;
}

/** What came of comparing one row with all that it must follow from. */
export interface CheckedChain {
  readonly proof: ProvenState;
  readonly validation: ChainValidation;
}

export interface ChainChecked {
  /** Undefined when there is more to check. */
  readonly checked: CheckedChain | undefined;
  readonly reached: ChainPosition;
}

/**
 * Goes on comparing a row with its entries and open reservations, for as long as it may. The row and the ends of its
 * chain are those of `state`, one snapshot of now: the check ends where they ended, whatever is posted meanwhile.
 */
export async function checkChain(
  { states, verification }: ChainCheckReads,
  state: AccountState,
  { from, mayGoOn }: { readonly from: ChainPosition; readonly mayGoOn: () => boolean },
): Promise<ChainChecked> {
  const summed = await sumOn(states, state, { from: from.summed, mayGoOn });
  if (summed.through < state.last.sequence) return { checked: undefined, reached: { ...from, summed } };
  const options = { restart: from.proven, mayGoOn };
  const { verdict, reached } = await proveChain(verification, { ...state, account: state.last }, options);
  if (verdict === undefined) return { checked: undefined, reached: { proven: reached, summed } };
  const proof = { state, chainFault: verdict.finding };
  const checked = { proof, validation: chainValidation(proof, summed.sum) };
  return { checked, reached: { proven: verdict.proven, summed } };
}

/** Adds up the entries that follow, through the last one of the state. */
async function sumOn(
  reads: AccountStateReads,
  { bucket, accountId, last }: AccountState,
  { from, mayGoOn }: { readonly from: EntrySum; readonly mayGoOn: () => boolean },
): Promise<EntrySum> {
  let summed = from;
  // Ends: each statement adds a number of entries, and the last one says so by adding fewer.
  while (summed.through < last.sequence) {
    const { through, sum, entries } = await reads.sumOfEntries({
      bucket,
      accountId,
      after: summed.through,
      through: last.sequence,
      limit: ENTRIES_PER_SUM,
    });
    const isComplete = entries < ENTRIES_PER_SUM;
    summed = { through: isComplete ? last.sequence : through, sum: summed.sum + sum };
    if (!mayGoOn()) break;
  }
  return summed;
}
