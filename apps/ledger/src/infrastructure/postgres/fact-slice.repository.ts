import { TRANSACTION_TYPE_NUMBERS } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import {
  FactReads,
  type ChainLink,
  type ChainPlace,
  type FactSlice,
  type LegSum,
} from '../../application/verification/fact-reads.port.js';
import { TEXT_TYPES } from './audited-entry-row.js';
import { endOf } from './chain-ends-row.js';
import type { LedgerDatabase } from './ledger-database.js';
import {
  decodedFactOf,
  sliceEntryOf,
  type DecodedFact,
  type LegSumRow,
  type SliceEntryRow,
  type SliceFactRow,
} from './fact-slice-rows.js';
import {
  FIND_OUTCASTS,
  READ_CHAIN_LINKS,
  READ_FACT_ENDS,
  READ_LEG_SUMS,
  READ_SLICE_ENTRIES,
  READ_SLICE_FACTS,
} from './fact-slices.sql.js';

interface FactEndsRow {
  readonly head: bigint;
  readonly last_fact: bigint;
}

interface ChainLinkRow {
  readonly account_id: string;
  readonly currency: string | null;
  readonly sequence: bigint | null;
  readonly balance: bigint | null;
  readonly checksum: string | null;
  readonly proven_sequence: bigint | null;
  readonly proven_balance: bigint | null;
  readonly proven_checksum: string | null;
}

/** Numbers of transaction types; the numbers of other facts are higher. */
const TRANSACTION_KIND_MAX = Math.max(...Object.values(TRANSACTION_TYPE_NUMBERS));
/** Of one bucket: an alarm does not need them all. */
const OUTCASTS_MAX = 100;

export class FactSliceRepository extends FactReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  /** The head comes first: those statements that follow see everything that was committed with it. */
  override async slice(bucket: number, after: bigint, limit: number): Promise<FactSlice> {
    const { pool } = this.database;
    const ends = await pool.query<FactEndsRow>({ ...READ_FACT_ENDS, values: [bucket] });
    const [state] = ends.rows;
    invariant(state !== undefined, 'the statement of the ends of facts always returns a row');
    const { head, last_fact: lastFact } = state;
    const last = after + BigInt(limit);
    const through = last < head ? last : head;
    const values = [bucket, after, through];
    const asTexts = { rowMode: 'array', types: TEXT_TYPES } as const;
    const facts = await pool.query<[...SliceFactRow]>({
      ...READ_SLICE_FACTS,
      values: [...values, TRANSACTION_KIND_MAX],
      ...asTexts,
    });
    const entries = await pool.query<[...SliceEntryRow]>({ ...READ_SLICE_ENTRIES, values, ...asTexts });
    const decoded = inPlaces(bucket, facts.rows, { after, through });
    const firstSequence = Number(after) + 1;
    return {
      bucket,
      after,
      through,
      head,
      lastFact,
      facts: decoded,
      entries: entries.rows.map((row) => {
        const place = Number(row[4]) - firstSequence;
        return sliceEntryOf(row, place, decoded[place]);
      }),
    };
  }

  override async links(bucket: number, places: readonly ChainPlace[]): Promise<readonly ChainLink[]> {
    if (places.length === 0) return [];
    const accountIds = places.map(({ accountId }) => accountId);
    const values = [bucket, accountIds, places.map(({ sequence }) => sequence)];
    const { rows } = await this.database.pool.query<ChainLinkRow>({ ...READ_CHAIN_LINKS, values });
    return rows.map((row) => ({
      accountId: row.account_id,
      hasAccount: row.currency !== null,
      currency: row.currency ?? '',
      previous: endOf(row.sequence, row.balance, row.checksum),
      proven: endOf(row.proven_sequence, row.proven_balance, row.proven_checksum),
    }));
  }

  override async legSums(facts: FactSlice['facts']): Promise<readonly LegSum[]> {
    const places: number[] = [];
    const buckets: number[] = [];
    const sequences: bigint[] = [];
    facts.forEach((fact, place) => {
      for (const leg of fact?.legs ?? []) {
        places.push(place);
        buckets.push(leg.bucket);
        sequences.push(leg.sequence);
      }
    });
    if (places.length === 0) return [];
    const { rows } = await this.database.pool.query<[...LegSumRow]>({
      ...READ_LEG_SUMS,
      values: [places, buckets, sequences],
      rowMode: 'array',
      types: TEXT_TYPES,
    });
    return rows.map(([place, currency, entries, amount]) => ({
      place: Number(place),
      currency,
      entries: Number(entries),
      amount: BigInt(amount),
    }));
  }

  override async outcasts(bucket: number): Promise<readonly ChainPlace[]> {
    const values = [bucket, OUTCASTS_MAX];
    const { rows } = await this.database.pool.query<{ account_id: string; sequence: bigint }>({
      ...FIND_OUTCASTS,
      values,
    });
    return rows.map((row) => ({ accountId: row.account_id, sequence: row.sequence }));
  }
}

/** A place for every sequence of the slice; those without a fact stay empty. */
function inPlaces(
  bucket: number,
  rows: readonly SliceFactRow[],
  { after, through }: { readonly after: bigint; readonly through: bigint },
): readonly (DecodedFact | undefined)[] {
  // A head that was set back lies before where verification already is.
  const length = through > after ? Number(through - after) : 0;
  const places = new Array<DecodedFact | undefined>(length).fill(undefined);
  const firstSequence = Number(after) + 1;
  for (const row of rows) {
    places[Number(row[0]) - firstSequence] = decodedFactOf(bucket, row, TRANSACTION_KIND_MAX);
  }
  return places;
}
