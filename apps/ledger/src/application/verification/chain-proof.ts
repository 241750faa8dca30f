import { CHAIN_START } from './chain-audit.js';
import { feedEntries, SEQUENCE_MIN } from './entry-stream.js';
import type { ChainVerdict } from './finding.js';
import { PageAudit } from './page-audit.js';
import type { AccountEnd, ChainEnds, VerificationReads } from './verification-reads.port.js';

export interface ChainProofOptions {
  /** How far an earlier proof of the same chain came; its beginning when it is not given. */
  readonly restart?: AccountEnd;
  /** Asked after each slice of entries; always, when it is not given. */
  readonly mayGoOn?: () => boolean;
}

export interface ChainProof {
  /** Absent when the proof was not finished. */
  readonly verdict: ChainVerdict | undefined;
  /** How far it came. */
  readonly reached: AccountEnd;
}

/** Recomputes one chain up to where its account said that it ends when `ends` were read. */
export async function proveChain(
  reads: VerificationReads,
  ends: ChainEnds,
  { restart = CHAIN_START, mayGoOn = () => true }: ChainProofOptions = {},
): Promise<ChainProof> {
  const { bucket, accountId } = ends;
  const audit = new PageAudit([ends], restart);
  const stoppedAt = await feedEntries(reads, audit, {
    bucket,
    after: { accountId, sequence: restart.sequence === 0n ? SEQUENCE_MIN : restart.sequence },
    throughAccountId: accountId,
    mayGoOn: () => audit.verdicts.length === 0 && mayGoOn(),
  });
  const reached = audit.provenOf(accountId) ?? restart;
  if (stoppedAt === undefined) audit.finish();
  return { verdict: audit.verdicts[0], reached };
}
