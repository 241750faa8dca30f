import { factKind, TransactionIds, type FactKey } from '@steelyard/domain/posting';
import type { AuditedEntry } from '../../application/verification/verification-reads.port.js';
import { Timestamps } from './timestamps.js';

/**
 * A row of READ_ENTRIES as an array of the texts that the server sent: objects, and values that are parsed and
 * not used, would cost more than the proof itself.
 */
export type AuditedEntryRow = readonly [
  accountId: string,
  sequence: string,
  amount: string,
  balanceAfter: string,
  factSequence: string,
  ordinal: string,
  hashVersion: string,
  checksum: string,
  kind: string | null,
  committedAtMs: string | null,
  homeBucket: string | null,
  homeSequence: string | null,
  data: string | null,
];

/** Given to a statement as its `types`: every value stays the text that the server sent. */
export const TEXT_TYPES = { getTypeParser: () => (text: string) => text };

const timestamps = new Timestamps();

/** The entry to be proved, with the ids and the type that its fact gives it. */
export function auditedEntryOf(bucket: number, row: AuditedEntryRow): AuditedEntry {
  const [accountId, sequence, amount, balanceAfter, factSequence, ordinal, hashVersion, checksum] = row;
  const kind = row[8];
  const committedAtMs = row[9];
  const metadataJson = row[12];
  if (kind === null || committedAtMs === null || metadataJson === null) {
    const unprovable = `the fact ${factSequence} of the entry is missing`;
    return { accountId, sequence: BigInt(sequence), unprovable };
  }
  const type = factKind(Number(kind));
  if (type === undefined) {
    const unprovable = `the fact ${factSequence} is of the unknown kind ${kind}`;
    return { accountId, sequence: BigInt(sequence), unprovable };
  }
  const atMs = Number(committedAtMs);
  const ids = new TransactionIds(homeOf(bucket, factSequence, row), atMs);
  return {
    entryId: ids.entryId(Number(ordinal)),
    transactionId: ids.transactionId,
    accountId,
    type,
    amount: BigInt(amount),
    balanceAfter: BigInt(balanceAfter),
    metadataJson,
    timestamp: timestamps.textOf(atMs),
    sequence: BigInt(sequence),
    hashVersion: Number(hashVersion),
    checksum,
  };
}

function homeOf(bucket: number, factSequence: string, row: AuditedEntryRow): FactKey {
  const homeBucket = row[10];
  const homeSequence = row[11];
  if (homeBucket === null || homeSequence === null) return { bucket, sequence: BigInt(factSequence) };
  return { bucket: Number(homeBucket), sequence: BigInt(homeSequence) };
}
