import type { LongCheck } from '../account-check/check-pace.js';
import { CHAIN_UNCHECKED, type CheckPosition } from '../account-check/check-position.js';
import { CHAIN_START } from '../verification/chain-audit.js';
import { proveChain } from '../verification/chain-proof.js';
import type { ChainEnds, VerificationReads } from '../verification/verification-reads.port.js';
import { verificationOf, type AccountVerification } from './account-verification.js';

/** The verification of one account, chain after chain, until the first fault or the end of all. */
export class VerificationCheck implements LongCheck {
  /** Once it is known. */
  verification: AccountVerification | undefined;
  /** Nobody ever opened such an account. */
  isUnknown = false;
  /** That the account has. */
  entries = 0n;

  constructor(
    private readonly reads: VerificationReads,
    private readonly account: { readonly accountId: string; readonly buckets: readonly number[] },
    public position: CheckPosition,
  ) {}

  get isDone(): boolean {
    return this.isUnknown || this.verification !== undefined;
  }

  /** Each time the ends are read anew, in one snapshot: postings since then are no faults. */
  async advance(mayGoOn: () => boolean): Promise<void> {
    const { accountId, buckets } = this.account;
    const chains = await this.reads.endsOf(accountId, buckets);
    const [first] = chains;
    this.isUnknown = first === undefined;
    if (first === undefined) return;
    this.entries = chains.reduce((sum, { last }) => sum + last.sequence, 0n);
    const left = chains.filter(({ bucket }) => bucket >= this.position.bucket);
    for (const [index, ends] of left.entries()) {
      const isStillOpen = await this.prove(ends, mayGoOn);
      const isLast = index === left.length - 1;
      if (isStillOpen || this.isDone || (!isLast && !mayGoOn())) return;
    }
    const { entriesChecked } = this.position;
    this.verification = { accountId, bucket: first.bucket, valid: true, entriesChecked, reason: '' };
  }

  /** True when there is more of this chain to prove. */
  private async prove(ends: ChainEnds, mayGoOn: () => boolean): Promise<boolean> {
    const { bucket } = ends;
    const restart = bucket === this.position.bucket ? this.position.proven : CHAIN_START;
    const { verdict, reached } = await proveChain(this.reads, ends, { restart, mayGoOn });
    const entriesChecked =
      this.position.entriesChecked + (verdict?.entriesChecked ?? reached.sequence - restart.sequence);
    this.position =
      verdict === undefined
        ? { ...CHAIN_UNCHECKED, bucket, proven: reached, entriesChecked }
        : { ...CHAIN_UNCHECKED, bucket: bucket + 1, entriesChecked };
    const finding = verdict?.finding;
    if (finding !== undefined) this.verification = { ...verificationOf(finding), entriesChecked };
    return verdict === undefined;
  }
}
