import type { ledgerV1 } from '@steelyard/contracts/grpc';
import { isoInstant } from '../json/iso-instant.js';
import { RawJson, type Reply } from '../json/to-json.js';

/** A page of entries. */
export function presentEntries(page: ledgerV1.ListEntriesResponse): Reply {
  return {
    entries: page.entries.map(presentEntry),
    total: page.total,
    latestChecksum: page.latestChecksum,
    nextCursor: page.nextCursor === '' ? null : page.nextCursor,
  };
}

/** Exactly these members in this order: clients recompute the checksum from what they receive. */
export function presentEntry(entry: ledgerV1.ChainedEntry) {
  return {
    entryId: entry.entryId,
    transactionId: entry.transactionId,
    accountId: entry.accountId,
    type: entry.type,
    amount: entry.amount,
    balanceBefore: entry.balanceBefore,
    balanceAfter: entry.balanceAfter,
    metadata: new RawJson(entry.metadataJson),
    timestamp: entry.timestamp,
    previousChecksum: entry.previousChecksum,
    checksum: entry.checksum,
  };
}

/** What became of recomputing one account's chain. */
export function presentVerification(verification: ledgerV1.AccountVerification): Reply {
  const { accountId, valid, entriesChecked, firstInvalidEntry, reason } = verification;
  return {
    accountId,
    valid,
    entriesChecked,
    firstInvalidEntry: firstInvalidEntry && {
      sequence: firstInvalidEntry.sequence,
      entryId: firstInvalidEntry.entryId,
    },
    reason: reason === '' ? undefined : reason,
  };
}

/** One step of a walk over all accounts. */
export function presentWalk(walk: ledgerV1.VerifyAccountsResponse): Reply {
  return {
    valid: walk.failures.length === 0,
    accountsChecked: walk.accountsChecked,
    entriesChecked: walk.entriesChecked,
    failures: walk.failures.map(presentVerification),
    nextCursor: walk.nextCursor === '' ? null : walk.nextCursor,
  };
}

/** The state of the whole ledger. */
export function presentStatus(status: ledgerV1.GetStatusResponse): Reply {
  return {
    accounts: status.accounts,
    entries: status.entries,
    sums: status.sums.map(({ currency, sumOfEntries }) => ({ currency, sumOfEntries })),
    verifiedUpTo: status.verifiedUpToMs === undefined ? null : isoInstant(status.verifiedUpToMs),
    walkAccountsChecked: status.walkAccountsChecked,
    invalidAccounts: status.invalidAccounts,
    driftedAccounts: status.driftedAccounts,
  };
}
