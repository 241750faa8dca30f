import { GENESIS } from '@steelyard/domain/ledger-chain';
import { factNumber, type TransactionType } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import { EntryReads, type PlacedEntry } from '../../application/list-entries/entry-reads.port.js';
import {
  ListingReads,
  type ListedTransaction,
  type ListingPage,
} from '../../application/list-transactions/listing-reads.port.js';
import type { ChainWindow } from '../../application/paging/chain-windows.js';
import { checksumOfHex, factDetails, type FactColumns } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { COUNT_OF_TYPE, NEWEST_ENTRIES, NEWEST_TRANSACTIONS } from './listing.sql.js';

/** An entry with its fact and the checksum before it. */
export interface EntryRow extends FactColumns {
  readonly sequence: bigint;
  readonly amount: bigint;
  readonly balance_after: bigint;
  readonly ordinal: number;
  readonly hash_version: number;
  readonly checksum: string;
  readonly previous_checksum: string | null;
}

interface ListedRow {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly committed_at_ms: bigint | null;
  readonly home_bucket: number;
  readonly home_sequence: bigint;
}

/** Pages of an account's entries, with all that their checksums cover. */
export class EntryRepository extends EntryReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async newestEntries(
    accountId: string,
    page: { readonly windows: readonly ChainWindow[]; readonly limit: number },
  ): Promise<readonly PlacedEntry[]> {
    const values = [accountId, ...windowArrays(page.windows), page.limit];
    const { rows } = await this.database.pool.query<EntryRow>({ ...NEWEST_ENTRIES, values });
    return rows.map((row) => placedEntry(accountId, row));
  }
}

/** Pages of the transactions that touched an account. */
export class ListingRepository extends ListingReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async newestTransactions(
    accountId: string,
    page: ListingPage,
  ): Promise<readonly ListedTransaction[]> {
    const type = page.type === undefined ? null : factNumber(page.type);
    const values = [accountId, ...windowArrays(page.windows), type, page.offset, page.limit];
    const { rows } = await this.database.pool.query<ListedRow>({ ...NEWEST_TRANSACTIONS, values });
    return rows.map(({ bucket, sequence, committed_at_ms: committedAtMs, ...row }) => {
      invariant(committedAtMs !== null, `entry ${sequence} of ${accountId} has no fact`);
      const home = { bucket: row.home_bucket, sequence: row.home_sequence };
      return { position: { committedAtMs, bucket, sequence }, home };
    });
  }

  override async countOfType(
    accountId: string,
    filter: { readonly windows: readonly ChainWindow[]; readonly type: TransactionType },
  ): Promise<bigint> {
    const values = [accountId, ...windowArrays(filter.windows), factNumber(filter.type)];
    const { rows } = await this.database.pool.query<{ count: bigint }>({ ...COUNT_OF_TYPE, values });
    return rows[0]?.count ?? 0n;
  }
}

function windowArrays(windows: readonly ChainWindow[]): [number[], bigint[], bigint[]] {
  return [
    windows.map(({ bucket }) => bucket),
    windows.map(({ low }) => low),
    windows.map(({ high }) => high),
  ];
}

/** The entry of a row, with its place in the list. */
export function placedEntry(accountId: string, row: EntryRow): PlacedEntry {
  const { bucket, sequence, amount } = row;
  const fact = factDetails(row, row.ordinal);
  return {
    position: { committedAtMs: fact.committedAtMs, bucket, sequence },
    entry: {
      entryId: fact.entryId,
      transactionId: fact.transactionId,
      accountId,
      type: fact.type,
      amount,
      balanceBefore: row.balance_after - amount,
      balanceAfter: row.balance_after,
      metadataJson: fact.metadataJson,
      timestamp: fact.timestamp,
      // Empty when the entry before is missing, which only verification can explain.
      previousChecksum: sequence === 1n ? GENESIS : checksumOfHex(row.previous_checksum, ''),
      checksum: row.checksum,
      sequence,
      hashVersion: row.hash_version,
    },
  };
}
