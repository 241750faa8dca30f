import type { ChainWindow } from '../paging/chain-windows.js';
import type { PagePosition } from '../paging/page-cursor.js';

/** An entry with all that its checksum covers. Amounts are minor units. */
export interface LedgerEntry {
  readonly entryId: string;
  readonly transactionId: string;
  readonly accountId: string;
  readonly type: string;
  readonly amount: bigint;
  readonly balanceBefore: bigint;
  readonly balanceAfter: bigint;
  /** Canonical JSON: the text under the checksum. */
  readonly metadataJson: string;
  /** ISO 8601 UTC with milliseconds. */
  readonly timestamp: string;
  readonly previousChecksum: string;
  readonly checksum: string;
  readonly sequence: bigint;
  readonly hashVersion: number;
}

export interface PlacedEntry {
  readonly position: PagePosition;
  readonly entry: LedgerEntry;
}

export abstract class EntryReads {
  /** The newest entries of the windows, merged: commit time, bucket, sequence, all descending. */
  abstract newestEntries(
    accountId: string,
    page: { readonly windows: readonly ChainWindow[]; readonly limit: number },
  ): Promise<readonly PlacedEntry[]>;
}
