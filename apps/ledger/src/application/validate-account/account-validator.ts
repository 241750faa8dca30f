import { bucketsOf } from '../accounts/account-buckets.js';
import type { Deployment } from '../deployment.port.js';
import type { AccountState, AccountStateReads } from '../reconciliation/account-state.port.js';
import { proveChain, type ProvenState } from '../reconciliation/chain-proof.js';
import type { VerificationReads } from '../verification/verification-reads.port.js';
import {
  accountValidation,
  chainValidation,
  type AccountValidation,
  type ChainValidation,
} from './account-validation.js';

/** An account's validation, and what it rests on, chain by chain. */
export interface ValidatedAccount {
  readonly validation: AccountValidation;
  readonly proofs: readonly ProvenState[];
}

/** Validates accounts chain by chain: each state is one snapshot, and what is recomputed ends where it ended. */
export class AccountValidator {
  constructor(
    private readonly deployment: Deployment,
    private readonly states: AccountStateReads,
    private readonly verification: VerificationReads,
  ) {}

  /** The account's rows; none when no bucket knows it. */
  statesOf(accountId: string): Promise<readonly AccountState[]> {
    return this.states.statesOf(accountId, bucketsOf(accountId, this.deployment.buckets()));
  }

  /** Recomputes what these rows must follow from. There is at least one. */
  async validate([first, ...others]: readonly [AccountState, ...AccountState[]]): Promise<ValidatedAccount> {
    const proofs: ProvenState[] = [];
    const chains: ChainValidation[] = [];
    for (const state of [first, ...others]) {
      const { bucket, accountId, last } = state;
      const proof = await proveChain(this.verification, state);
      const sumOfEntries = await this.states.sumOfEntries(bucket, accountId, last.sequence);
      proofs.push(proof);
      chains.push(chainValidation(proof, sumOfEntries));
    }
    return { validation: accountValidation(first, chains), proofs };
  }
}
