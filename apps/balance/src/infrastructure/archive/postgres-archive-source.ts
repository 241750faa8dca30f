import { factKind, type FactKey } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import type { ClientBase } from 'pg';
import { ArchiveSource } from '../../application/archive/archive-source.port.js';
import type { ArchiveRow, ArchiveTable } from '../../application/archive/archive-tables.js';
import type {
  ArchivedEntry,
  ArchivedFact,
  ArchivedHead,
  ArchiveHeader,
} from '../../application/archive/archive.types.js';
import {
  COUNT_ROWS,
  leastKey,
  READ_DEPLOYMENT,
  READ_FACT_ENTRIES,
  READ_FACTS,
  READ_HEADS,
  readRows,
} from './archive.sql.js';

/** Rows a page: some hundred kilobytes, and enough that the round trips do not matter. */
const ROWS_PER_PAGE = 2_000;

interface FactRow {
  readonly sequence: bigint;
  readonly committed_at_ms: bigint;
  readonly kind: number;
  readonly home_bucket: number | null;
  readonly home_sequence: bigint | null;
  readonly leg_buckets: readonly number[] | null;
  readonly leg_sequences: readonly string[] | null;
  readonly idempotency_key: string | null;
  readonly data: string;
}

type EntryRow = readonly [
  factSequence: bigint,
  accountId: string,
  sequence: bigint,
  amount: bigint,
  balanceAfter: bigint,
  ordinal: number,
  hashVersion: number,
  checksum: string,
];

/** Reads over a connection that is in a transaction of one snapshot; the next page while one is used. */
export class PostgresArchiveSource extends ArchiveSource {
  #exportedAtMs = 0n;

  constructor(
    private readonly client: ClientBase,
    private readonly version: string,
  ) {
    super();
  }

  override async header(): Promise<ArchiveHeader> {
    const deployment = await this.#one<{ buckets: number; default_currency: string; now_ms: bigint }>(
      READ_DEPLOYMENT,
    );
    this.#exportedAtMs = deployment.now_ms;
    const heads = await this.client.query<{ bucket: number; sequence: bigint; committed_at_ms: bigint }>(
      READ_HEADS,
    );
    const { keys, ...rows } = await this.#one<Record<string, bigint>>(COUNT_ROWS, [this.#exportedAtMs]);
    const counts = Object.entries({ ...rows, idempotencyKeys: keys ?? 0n });
    return {
      version: this.version,
      exportedAtMs: Number(this.#exportedAtMs),
      buckets: deployment.buckets,
      defaultCurrency: deployment.default_currency,
      heads: heads.rows.map(({ bucket, sequence, committed_at_ms: committedAtMs }) => {
        return { bucket, sequence, committedAtMs };
      }),
      counts: Object.fromEntries(counts.map(([name, count]) => [name, Number(count)])),
    };
  }

  override async *rows(table: ArchiveTable): AsyncGenerator<readonly ArchiveRow[]> {
    const statement = readRows(table);
    const read = async (after: readonly unknown[]): Promise<ArchiveRow[]> => {
      const time = table.skipsExpired === true ? [this.#exportedAtMs] : [];
      const values = [...after, ROWS_PER_PAGE, ...time];
      const { rows } = await this.client.query<ArchiveRow[number][]>({
        ...statement,
        values,
        rowMode: 'array',
      });
      return rows.map((row) => row.map(archiveValue));
    };
    let page = await read(leastKey(table));
    while (page.length > 0) {
      const last = page.at(-1);
      const isFull = page.length === ROWS_PER_PAGE && last !== undefined;
      const following = isFull ? ahead(read(last.slice(0, table.keyLength))) : undefined;
      yield page;
      page = following === undefined ? [] : await following;
    }
  }

  override async *facts({ bucket, sequence: head }: ArchivedHead): AsyncGenerator<readonly ArchivedFact[]> {
    const size = BigInt(ROWS_PER_PAGE);
    let following = ahead(this.#readFacts(bucket, 0n, size));
    for (let after = 0n; after < head; after += size) {
      const page = await following;
      if (after + size < head) following = ahead(this.#readFacts(bucket, after + size, after + 2n * size));
      yield page.filter(({ sequence }) => sequence <= head);
    }
    await following;
  }

  async #readFacts(bucket: number, after: bigint, through: bigint): Promise<ArchivedFact[]> {
    const values = [bucket, after, through];
    const facts = await this.client.query<FactRow>({ ...READ_FACTS, values });
    const entries = await this.client.query<[...EntryRow]>({
      ...READ_FACT_ENTRIES,
      values,
      rowMode: 'array',
    });
    const byFact = new Map<bigint, ArchivedEntry[]>();
    for (const row of entries.rows) {
      const ofFact = byFact.get(row[0]);
      if (ofFact === undefined) byFact.set(row[0], [archivedEntry(row)]);
      else ofFact.push(archivedEntry(row));
    }
    return facts.rows.map((row) => archivedFact(bucket, row, byFact.get(row.sequence) ?? []));
  }

  async #one<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row> {
    const { rows } = await this.client.query<Row>(text, [...values]);
    const [row] = rows;
    invariant(row !== undefined, 'the deployment exists');
    return row;
  }
}

/** A page that is read while another is used: its failure is met where it is awaited. */
function ahead<Page>(page: Promise<Page>): Promise<Page> {
  page.catch(() => undefined);
  return page;
}

function archiveValue(value: bigint | number | string | null): bigint | string | null {
  return typeof value === 'number' ? BigInt(value) : value;
}

function archivedFact(bucket: number, row: FactRow, entries: readonly ArchivedEntry[]): ArchivedFact {
  const kind = factKind(row.kind);
  invariant(
    kind !== undefined,
    `fact ${row.sequence} of bucket ${bucket} is of the unknown kind ${row.kind}`,
  );
  const { home_bucket: homeBucket, home_sequence: homeSequence } = row;
  return {
    bucket,
    sequence: row.sequence,
    kind,
    committedAtMs: Number(row.committed_at_ms),
    home:
      homeBucket === null || homeSequence === null ? null : { bucket: homeBucket, sequence: homeSequence },
    legs: legsOf(row),
    idempotencyKey: row.idempotency_key,
    data: row.data,
    entries,
  };
}

function legsOf({ leg_buckets: buckets, leg_sequences: sequences }: FactRow): FactKey[] {
  return (buckets ?? []).map((bucket, index) => ({ bucket, sequence: BigInt(sequences?.[index] ?? 0) }));
}

function archivedEntry(row: EntryRow): ArchivedEntry {
  const [, accountId, sequence, amount, balanceAfter, ordinal, hashVersion, checksum] = row;
  return { accountId, sequence, amount, balanceAfter, ordinal, hashVersion, checksum };
}
