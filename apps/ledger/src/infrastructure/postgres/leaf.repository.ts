import { factKind, type FactKey } from '@steelyard/domain/posting';
import type { FactPosition } from '@steelyard/domain/sealing';
import {
  LeafReads,
  type FactRange,
  type LeafEntry,
  type LeafFact,
} from '../../application/sealing/leaf-reads.port.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { READ_SEALED_ENTRIES, READ_SEALED_FACTS } from './sealing.sql.js';

/** Rows as arrays: objects would cost a third of the time that sealing takes. */
type FactRow = [
  sequence: bigint,
  kind: number,
  committedAtMs: bigint,
  idempotencyKey: string | null,
  data: string,
  homeBucket: number | null,
  homeSequence: bigint | null,
  legBuckets: number[] | null,
  legSequences: bigint[] | null,
];

type EntryRow = [
  factSequence: bigint,
  ordinal: number,
  accountId: string,
  sequence: bigint,
  checksum: string,
  currency: string,
];

export class LeafRepository extends LeafReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async read({ bucket, after, through }: FactRange): Promise<readonly LeafFact[]> {
    const { pool } = this.database;
    const values = [bucket, after, through];
    const [facts, entries] = await Promise.all([
      pool.query<FactRow>({ ...READ_SEALED_FACTS, values, rowMode: 'array' }),
      pool.query<EntryRow>({ ...READ_SEALED_ENTRIES, values, rowMode: 'array' }),
    ]);
    const byFact = new EntriesByFact(entries.rows);
    return facts.rows.map((row) => leafFactOf(bucket, row, byFact.of(row[0])));
  }
}

/** Both lists are in the order of facts, so one pass brings them together. */
class EntriesByFact {
  private next = 0;

  constructor(private readonly rows: readonly EntryRow[]) {}

  of(factSequence: bigint): readonly LeafEntry[] {
    const entries: LeafEntry[] = [];
    for (let row = this.rows[this.next]; row !== undefined; row = this.rows[this.next]) {
      const [ofFact, ordinal, accountId, sequence, checksum, currency] = row;
      if (ofFact > factSequence) break;
      // Entries of a fact that is gone lie under the gap, which is reported.
      if (ofFact === factSequence) entries.push({ accountId, sequence, ordinal, checksum, currency });
      this.next += 1;
    }
    return entries;
  }
}

function leafFactOf(bucket: number, row: FactRow, entries: readonly LeafEntry[]): LeafFact {
  const [sequence, kindNumber, committedAt, idempotencyKey, dataJson, homeBucket, homeSequence] = row;
  const [, , , , , , , legBuckets, legSequences] = row;
  const kind = factKind(kindNumber);
  const committedAtMs = toMs(committedAt);
  const home: FactKey | null =
    homeBucket === null || homeSequence === null ? null : { bucket: homeBucket, sequence: homeSequence };
  return {
    fact: {
      bucket,
      sequence,
      kind: kind ?? String(kindNumber),
      committedAt: new Date(committedAtMs).toISOString(),
      idempotencyKey,
      home,
      legs: legsOf(legBuckets, legSequences),
      dataJson,
    },
    isKnown: kind !== undefined,
    home: home ?? { bucket, sequence },
    committedAtMs,
    entries,
  };
}

function legsOf(buckets: readonly number[] | null, sequences: readonly bigint[] | null): FactPosition[] {
  // Lists of different lengths are damage: what is missing shows as a leaf that differs.
  return (buckets ?? []).map((bucket, index) => ({ bucket, sequence: sequences?.[index] ?? 0n }));
}
