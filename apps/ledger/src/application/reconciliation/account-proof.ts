import { proveChain } from '../verification/chain-proof.js';
import type { Finding } from '../verification/finding.js';
import type { VerificationReads } from '../verification/verification-reads.port.js';
import type { AccountState } from './account-state.port.js';

/** A row, and what came of recomputing its chain up to the last entry that was there with it. */
export interface ProvenState {
  readonly state: AccountState;
  /** Undefined when every entry agrees. */
  readonly chainFault: Finding | undefined;
}

/** Recomputes a chain up to its last entry, whatever the account's row says of it. */
export async function proveEntries(reads: VerificationReads, state: AccountState): Promise<ProvenState> {
  const { verdict } = await proveChain(reads, { ...state, account: state.last });
  return { state, chainFault: verdict?.finding };
}
