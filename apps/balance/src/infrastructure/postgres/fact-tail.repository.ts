import type { factsV1 } from '@steelyard/contracts/grpc';
import type { Pool } from '@steelyard/platform/postgres';
import {
  FactIntegrityError,
  FactTail,
  type FactHeads,
  type FactStretch,
  type StretchLimits,
} from '../../application/read-facts/fact-tail.port.js';
import { damaged, factOfRows, wireBytesOf, type FactEntryRow, type FactRow } from './fact-encoding.js';
import { READ_FACT_HEADS, READ_FACT_STRETCHES, READ_STRETCH_ENTRIES } from './fact-tail.sql.js';

/** Where a stretch begins. */
export interface StretchPlace {
  readonly bucket: number;
  readonly afterSequence: bigint;
}

/** All columns of the fact are null together. */
type StretchRow = { place: number; head_sequence: bigint | null } & {
  [Column in keyof FactRow]: FactRow[Column] | null;
};

interface HeadRow {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly deployment_id: string | null;
}

/** Facts as they are stored, proven to follow each other. */
interface StoredStretch {
  readonly facts: readonly FactRow[];
  readonly headSequence: bigint;
}

export class FactTailRepository extends FactTail {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  async read(bucket: number, afterSequence: bigint, limits: StretchLimits): Promise<FactStretch> {
    const [stretch] = await this.readMany([{ bucket, afterSequence }], limits);
    if (stretch === undefined) throw new FactIntegrityError(`nothing was read of bucket ${bucket}`);
    if (stretch instanceof FactIntegrityError) throw stretch;
    return stretch;
  }

  /** Several stretches with two statements, each within the limits; what is wrong with one is in its place. */
  async readMany(
    places: readonly StretchPlace[],
    limits: StretchLimits,
  ): Promise<readonly (FactStretch | FactIntegrityError)[]> {
    const buckets = places.map(({ bucket }) => bucket);
    const values = [
      buckets,
      places.map(({ afterSequence }) => afterSequence),
      limits.factsMax,
      limits.bytesMax,
    ];
    const { rows } = await this.#pool.query<StretchRow>({ ...READ_FACT_STRETCHES, values });
    const byPlace = Map.groupBy(rows, ({ place }) => place);
    const stored = places.map((place, i) => caught(() => proven(place, byPlace.get(i + 1) ?? [])));
    const entries = await this.#entries(buckets, stored);
    return stored.map((stretch, i) => {
      if (stretch instanceof FactIntegrityError) return stretch;
      const own = Map.groupBy(entries.get(i + 1) ?? [], (row) => row.fact_sequence);
      const { headSequence } = stretch;
      return caught(() => ({
        ...withinBytes(buckets[i] ?? -1, { ...stretch, entries: own }, limits.bytesMax),
        headSequence,
      }));
    });
  }

  async heads(): Promise<FactHeads> {
    const { rows } = await this.#pool.query<HeadRow>(READ_FACT_HEADS);
    const deploymentId = rows[0]?.deployment_id;
    if (!deploymentId)
      throw new FactIntegrityError('the deployment has no id or no heads; start the app again');
    return { deploymentId, heads: rows.map(({ bucket, sequence }) => ({ bucket, sequence })) };
  }

  /** By place; stretches without facts ask for an empty range. */
  async #entries(
    buckets: readonly number[],
    stretches: readonly (StoredStretch | FactIntegrityError)[],
  ): Promise<Map<number, (FactEntryRow & { place: number })[]>> {
    const facts = stretches.map((stretch) => (stretch instanceof FactIntegrityError ? [] : stretch.facts));
    if (facts.every((some) => some.length === 0)) return new Map();
    const firsts = facts.map((some) => some[0]?.sequence ?? 1n);
    const lasts = facts.map((some) => some.at(-1)?.sequence ?? 0n);
    const { rows } = await this.#pool.query<FactEntryRow & { place: number }>({
      ...READ_STRETCH_ENTRIES,
      values: [buckets, firsts, lasts],
    });
    return Map.groupBy(rows, ({ place }) => place);
  }
}

function hasFact(row: StretchRow): row is StretchRow & FactRow {
  return row.sequence !== null;
}

/** Damage of one bucket is its own matter. */
function caught<Value>(work: () => Value): Value | FactIntegrityError {
  try {
    return work();
  } catch (error) {
    if (error instanceof FactIntegrityError) return error;
    throw error;
  }
}

/**
 * Each fact follows the one before it, and there is one wherever the head says that there is. A hole must never look
 * like the end, and what lies behind the head is nothing that the posting path has written.
 */
function proven({ bucket, afterSequence }: StretchPlace, rows: readonly StretchRow[]): StoredStretch {
  const headSequence = rows[0]?.head_sequence ?? null;
  if (headSequence === null) {
    throw new FactIntegrityError(`bucket ${bucket} has no head; verify the ledger`);
  }
  const facts = rows.filter(hasFact);
  let expected = afterSequence + 1n;
  for (const { sequence } of facts) {
    if (sequence !== expected) throw damaged(bucket, expected, `it is missing, and ${sequence} is there`);
    if (sequence > headSequence) throw damaged(bucket, sequence, `it lies behind the head ${headSequence}`);
    expected += 1n;
  }
  if (facts.length === 0 && headSequence > afterSequence) {
    throw damaged(bucket, expected, `it is missing, and the head is ${headSequence}`);
  }
  return { facts, headSequence };
}

/** The facts as far as they fit; the first in any case. */
function withinBytes(
  bucket: number,
  { facts, entries }: { facts: readonly FactRow[]; entries: ReadonlyMap<bigint, FactEntryRow[]> },
  bytesMax: number,
): { facts: factsV1.Fact[]; bytes: number } {
  const fitting: factsV1.Fact[] = [];
  let bytes = 0;
  for (const row of facts) {
    const own = entries.get(row.sequence);
    const more = wireBytesOf(row, own);
    if (bytes + more > bytesMax && fitting.length > 0) break;
    bytes += more;
    fitting.push(factOfRows(bucket, row, own));
  }
  return { facts: fitting, bytes };
}
