import type { ledgerV1 } from '@steelyard/contracts/grpc';
import { RawJson, type Reply } from '../replies/to-json.js';

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
