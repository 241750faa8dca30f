import { entryIdOf, factKind, transactionIdOf } from '@steelyard/domain/posting';
import type { AuditedEntry } from '../../application/verification/verification-reads.port.js';
import { toMs } from './fact-columns.js';

/** A row of READ_ENTRIES as an array: objects would cost a third of the time that verification takes. */
export type AuditedEntryRow = readonly [
  accountId: string,
  sequence: bigint,
  amount: bigint,
  balanceAfter: bigint,
  factSequence: bigint,
  ordinal: number,
  hashVersion: number,
  checksum: string,
  kind: number | null,
  committedAtMs: bigint | null,
  homeBucket: number | null,
  homeSequence: bigint | null,
  data: string | null,
];

/** The entry to be proved, with the ids and the type that its fact gives it. */
export function auditedEntryOf(bucket: number, row: AuditedEntryRow): AuditedEntry {
  const [accountId, sequence, amount, balanceAfter, factSequence, ordinal, hashVersion, checksum] = row;
  const [, , , , , , , , kind, committedAt, homeBucket, homeSequence, metadataJson] = row;
  if (kind === null || committedAt === null || metadataJson === null) {
    return { accountId, sequence, unprovable: `the fact ${factSequence} of the entry is missing` };
  }
  const type = factKind(kind);
  if (type === undefined) {
    return { accountId, sequence, unprovable: `the fact ${factSequence} is of the unknown kind ${kind}` };
  }
  const home =
    homeBucket === null || homeSequence === null
      ? { bucket, sequence: factSequence }
      : { bucket: homeBucket, sequence: homeSequence };
  const committedAtMs = toMs(committedAt);
  return {
    entryId: entryIdOf(home, committedAtMs, ordinal),
    transactionId: transactionIdOf(home, committedAtMs),
    accountId,
    type,
    amount,
    balanceAfter,
    metadataJson,
    timestamp: new Date(committedAtMs).toISOString(),
    sequence,
    hashVersion,
    checksum,
  };
}
