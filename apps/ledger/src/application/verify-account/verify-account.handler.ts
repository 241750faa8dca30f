import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { Deployment } from '../deployment.port.js';
import type { ReadRefusal } from '../read-refusal.js';
import { CHAIN_START } from '../verification/chain-audit.js';
import { feedEntries, SEQUENCE_MIN } from '../verification/entry-stream.js';
import type { ChainVerdict } from '../verification/finding.js';
import { PageAudit } from '../verification/page-audit.js';
import type { ChainEnds, VerificationReads } from '../verification/verification-reads.port.js';
import { verificationOf, type AccountVerification } from './account-verification.js';

/** Recomputes the whole chain of one account: of one with several, the chains of all buckets. */
export class VerifyAccountHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly reads: VerificationReads,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID or ACCOUNT_NOT_FOUND. */
  async execute(request: {
    readonly accountId: string;
  }): Promise<{ verification: AccountVerification } | ReadRefusal> {
    const { accountId } = request;
    const malformed = checkAccountId(accountId);
    if (malformed !== undefined) return malformed;
    const chains = await this.reads.endsOf(accountId, bucketsOf(accountId, this.deployment.buckets()));
    const [first] = chains;
    if (first === undefined) return unknownAccount(accountId);
    let entriesChecked = 0n;
    for (const ends of chains) {
      const verdict = await this.verify(ends);
      entriesChecked += verdict.entriesChecked;
      if (verdict.finding !== undefined) {
        return { verification: { ...verificationOf(verdict.finding), entriesChecked } };
      }
    }
    const { bucket } = first;
    return { verification: { accountId, bucket, valid: true, entriesChecked, reason: '' } };
  }

  /** Bounded by the sequence that the chain had when its ends were read. */
  private async verify(ends: ChainEnds): Promise<ChainVerdict> {
    const { bucket, accountId } = ends;
    const audit = new PageAudit([ends]);
    await feedEntries(this.reads, audit, {
      bucket,
      after: { accountId, sequence: SEQUENCE_MIN },
      throughAccountId: accountId,
      mayGoOn: () => audit.verdicts.length === 0,
    });
    audit.finish();
    const [verdict] = audit.verdicts;
    return verdict ?? { bucket, accountId, entriesChecked: 0n, finding: undefined, proven: CHAIN_START };
  }
}
