import type { AccountState } from '../reconciliation/account-state.port.js';
import type { ProvenState } from '../reconciliation/account-proof.js';
import { driftFaults } from '../reconciliation/account-difference.js';

/** What the account's row says, and what the ledger says. Minor units. */
export interface ChainValidation {
  readonly bucket: number;
  readonly storedBalance: bigint;
  readonly lastEntryBalance: bigint;
  readonly sumOfEntries: bigint;
  readonly storedHeld: bigint;
  readonly sumOfOpenReservations: bigint;
  readonly storedSequence: bigint;
  readonly lastSequence: bigint;
  readonly chainValid: boolean;
  /** What does not agree, each as a sentence. */
  readonly faults: string[];
}

export interface AccountValidation {
  readonly accountId: string;
  readonly currency: string;
  readonly valid: boolean;
  /** One a bucket: an account that everyone pays into has several. */
  readonly chains: ChainValidation[];
}

/** Compares everything that is known of one chain. */
export function chainValidation({ state, chainFault }: ProvenState, sumOfEntries: bigint): ChainValidation {
  const { bucket, account, last, openReservations } = state;
  const faults = driftFaults(state);
  if (sumOfEntries !== last.balance) faults.push('the last entry’s balance is not the sum of the entries');
  if (chainFault !== undefined) faults.push(`entry ${chainFault.sequence}: ${chainFault.reason}`);
  return {
    bucket,
    storedBalance: account?.balance ?? 0n,
    lastEntryBalance: last.balance,
    sumOfEntries,
    storedHeld: account?.held ?? 0n,
    sumOfOpenReservations: openReservations,
    storedSequence: account?.sequence ?? 0n,
    lastSequence: last.sequence,
    chainValid: chainFault === undefined,
    faults,
  };
}

/** The validation of an account from those of its chains. */
export function accountValidation(
  { accountId, currency }: Pick<AccountState, 'accountId' | 'currency'>,
  chains: ChainValidation[],
): AccountValidation {
  return { accountId, currency, valid: chains.every(({ faults }) => faults.length === 0), chains };
}
