import type { factsV1 } from '@steelyard/contracts/grpc';
import { factKind, TransactionIds } from '@steelyard/domain/posting';
import { FactIntegrityError } from '../../application/read-facts/fact-tail.port.js';
import { toMs } from './account-row.js';

/** A row of READ_FACT_STRETCH that has a fact. */
export interface FactRow {
  sequence: bigint;
  committed_at_ms: bigint;
  home_sequence: bigint | null;
  kind: number;
  home_bucket: number | null;
  leg_buckets: number[] | null;
  leg_sequences: bigint[] | null;
  idempotency_key: string | null;
  data: string;
}

/** A row of READ_STRETCH_ENTRIES. */
export interface FactEntryRow {
  fact_sequence: bigint;
  ordinal: number;
  account_id: string;
  /** null when the entry's account is gone. */
  currency: string | null;
  amount: bigint;
  balance_after: bigint;
  sequence: bigint;
  checksum: string;
}

/** A fact as consumers get it. @throws FactIntegrityError when the rows cannot be of one fact. */
export function factOfRows(
  bucket: number,
  row: FactRow,
  entries: readonly FactEntryRow[] = [],
): factsV1.Fact {
  const kind = factKind(row.kind);
  if (kind === undefined) throw damaged(bucket, row.sequence, `it is of the unknown kind ${row.kind}`);
  const home = homeOf(row);
  const ids = new TransactionIds(home ?? { bucket, sequence: row.sequence }, toMs(row.committed_at_ms));
  return {
    bucket,
    sequence: row.sequence,
    kind,
    factId: ids.transactionId,
    committedAtMs: row.committed_at_ms,
    idempotencyKey: row.idempotency_key ?? '',
    dataJson: row.data,
    home,
    legs: legsOf(bucket, row),
    entries: entries.map((entry) => entryOf(bucket, entry, ids)),
  };
}

function entryOf(bucket: number, row: FactEntryRow, ids: TransactionIds): factsV1.FactEntry {
  const { account_id: accountId, currency, amount, balance_after: balanceAfter } = row;
  if (currency === null)
    throw damaged(bucket, row.fact_sequence, `account ${accountId} of its entry is gone`);
  return {
    entryId: ids.entryId(row.ordinal),
    accountId,
    currency,
    amount,
    balanceBefore: balanceAfter - amount,
    balanceAfter,
    sequence: row.sequence,
    checksum: row.checksum,
  };
}

function homeOf({ home_bucket: bucket, home_sequence: sequence }: FactRow): factsV1.FactPlace | undefined {
  return bucket === null || sequence === null ? undefined : { bucket, sequence };
}

function legsOf(bucket: number, row: FactRow): factsV1.FactPlace[] {
  const { leg_buckets: buckets, leg_sequences: sequences } = row;
  return (buckets ?? []).map((legBucket, i) => {
    const sequence = sequences?.[i];
    if (sequence === undefined)
      throw damaged(bucket, row.sequence, 'its parts in other buckets are not told');
    return { bucket: legBucket, sequence };
  });
}

/** What is wrong with a fact, in words for an operator. */
export function damaged(bucket: number, sequence: bigint, what: string): FactIntegrityError {
  return new FactIntegrityError(`fact ${sequence} of bucket ${bucket}: ${what}; verify the ledger`);
}

const FACT_BYTES = 120;
const LEG_BYTES = 12;
const ENTRY_BYTES = 190;

/** About what a fact takes on the wire. */
export function wireBytesOf(row: FactRow, entries: readonly FactEntryRow[] = []): number {
  const accounts = entries.reduce((sum, entry) => sum + entry.account_id.length, 0);
  const key = row.idempotency_key?.length ?? 0;
  const legs = (row.leg_buckets?.length ?? 0) * LEG_BYTES;
  return FACT_BYTES + Buffer.byteLength(row.data) + key + legs + entries.length * ENTRY_BYTES + accounts;
}
