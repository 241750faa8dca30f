import type { ChainFault } from '@steelyard/domain/ledger-chain';
import { feedEntries, SEQUENCE_MIN } from '../verification/entry-stream.js';
import { PageAudit } from '../verification/page-audit.js';
import type { VerificationReads } from '../verification/verification-reads.port.js';
import type { AccountState } from './account-state.port.js';

/** A row, and what came of recomputing its chain up to the last entry that was there with it. */
export interface ProvenState {
  readonly state: AccountState;
  /** The first fault; undefined when every entry agrees. */
  readonly chainFault: ChainFault | undefined;
}

/**
 * Recomputes a chain up to its last entry, whatever the account's row says. Entries that came after the state was read are left out.
 */
export async function proveChain(reads: VerificationReads, state: AccountState): Promise<ProvenState> {
  const { bucket, accountId, last } = state;
  const { sequence: lastSequence, balance: lastBalance, checksum: lastChecksum } = last;
  const ends = {
    bucket,
    accountId,
    account: last,
    lastSequence,
    lastBalance,
    lastChecksum,
    proven: undefined,
  };
  const audit = new PageAudit([ends]);
  await feedEntries(reads, audit, {
    bucket,
    after: { accountId, sequence: SEQUENCE_MIN },
    throughAccountId: accountId,
    mayGoOn: () => audit.verdicts.length === 0,
  });
  audit.finish();
  const finding = audit.verdicts[0]?.finding;
  return {
    state,
    chainFault: finding && { sequence: finding.sequence, entryId: finding.entryId, reason: finding.reason },
  };
}
