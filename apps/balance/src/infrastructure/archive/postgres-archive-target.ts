import { GENESIS } from '@steelyard/domain/ledger-chain';
import { factNumber, TRANSACTION_TYPE_NUMBERS, type FactKey } from '@steelyard/domain/posting';
import { isOutage } from '@steelyard/platform/postgres';
import pg, { type ClientBase } from 'pg';
import {
  ArchiveTarget,
  type AccountEnd,
  type Placed,
  type StoredFault,
} from '../../application/archive/archive-target.port.js';
import type { ArchiveRow, ArchiveTable, ArchiveValue } from '../../application/archive/archive-tables.js';
import type { ArchivedFact, ArchivedHead, ArchiveHeader } from '../../application/archive/archive.types.js';
import { ImportRefusedError } from '../../application/archive/import-refusal.error.js';
import { byteaArray, plainArray, textArray } from '../postgres/array-literal.js';
import { FIND_FACT_FAULT, ROW_CHECKS } from './archive-checks.sql.js';
import {
  ANALYZE,
  FIND_ANYTHING,
  INSERT_ENTRIES,
  INSERT_FACTS,
  insertRows,
  KEEP_OTHERS_OUT,
  MOVE_HEADS,
  PLAN_BY_INDEX,
  READ_ACCOUNT_ENDS,
} from './archive.sql.js';

const FACTS_PER_CHECK = 5_000n;
const ACCOUNTS_PER_PAGE = 5_000;
const TRANSACTION_KIND_MAX = Math.max(...Object.values(TRANSACTION_TYPE_NUMBERS));

interface EndRow {
  readonly account_id: string;
  readonly sequence: bigint;
  readonly balance: bigint;
  readonly checksum: string;
}

/** Creates the deployment with these choices when it does not exist. Throws when it exists with others. */
export type PrepareDeployment = (choice: { buckets: number; defaultCurrency: string }) => Promise<void>;

/** Writes over one connection in one transaction, so that whatever happens nothing half-done can be seen. */
export class PostgresArchiveTarget extends ArchiveTarget {
  constructor(
    private readonly client: ClientBase,
    private readonly prepare: PrepareDeployment,
  ) {
    super();
  }

  override async open({ buckets, defaultCurrency }: ArchiveHeader): Promise<void> {
    await this.prepare({ buckets, defaultCurrency });
    await this.client.query('begin isolation level read committed');
    await this.client.query(KEEP_OTHERS_OUT);
    await this.client.query(PLAN_BY_INDEX);
    const { rows } = await this.client.query<{ found: string | null }>(FIND_ANYTHING);
    const found = rows[0]?.found ?? null;
    if (found === null) return;
    throw new ImportRefusedError(
      `the deployment is not empty: there are ${found} already. An archive is taken into a new database only`,
    );
  }

  override insertRows(table: ArchiveTable, rows: readonly Placed<ArchiveRow>[]): Promise<void> {
    const statement = insertRows(table);
    return this.guarded(rows, async (some) => {
      const values = table.columns.map(({ type }, index) => {
        const column = some.map(({ value }) => value[index] ?? null);
        return type === 'integer' ? plainArray(column) : textArray(column.map(textOrNull));
      });
      await this.client.query({ ...statement, values });
    });
  }

  override insertFacts(facts: readonly Placed<ArchivedFact>[]): Promise<void> {
    return this.guarded(facts, async (some) => {
      const values = some.map(({ value }) => value);
      await this.client.query({ ...INSERT_FACTS, values: factColumns(values) });
      await this.client.query({ ...INSERT_ENTRIES, values: entryColumns(values) });
    });
  }

  override async *accountEnds(bucket: number): AsyncGenerator<readonly AccountEnd[]> {
    let after = '';
    for (;;) {
      const values = [bucket, after, ACCOUNTS_PER_PAGE];
      const { rows } = await this.client.query<EndRow>({ ...READ_ACCOUNT_ENDS, values });
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(({ account_id: accountId, sequence, balance, checksum }) => {
        return { accountId, sequence, balance, checksum: checksum === '' ? GENESIS : checksum };
      });
      after = last.account_id;
    }
  }

  override async findFault(heads: readonly ArchivedHead[]): Promise<StoredFault | undefined> {
    for (const head of heads) {
      const fault = await this.findFactFault(head);
      if (fault !== undefined) return fault;
    }
    for (const { table, reason, text } of ROW_CHECKS) {
      const { rows } = await this.client.query<{ place: number }>(text);
      const [row] = rows;
      if (row !== undefined) return { kind: 'row', table, place: row.place, reason };
    }
    return undefined;
  }

  override async commit(heads: readonly ArchivedHead[]): Promise<void> {
    const values = [
      plainArray(heads.map(({ bucket }) => bucket)),
      plainArray(heads.map(({ sequence }) => sequence)),
      plainArray(heads.map(({ committedAtMs }) => committedAtMs)),
    ];
    await this.client.query(MOVE_HEADS, values);
    await this.client.query('commit');
    await this.client.query(ANALYZE);
  }

  private async findFactFault({ bucket, sequence: head }: ArchivedHead): Promise<StoredFault | undefined> {
    for (let after = 0n; after < head; after += FACTS_PER_CHECK) {
      const values = [bucket, after, after + FACTS_PER_CHECK, TRANSACTION_KIND_MAX];
      const { rows } = await this.client.query<{ sequence: bigint; reason: string }>({
        ...FIND_FACT_FAULT,
        values,
      });
      const [row] = rows;
      if (row !== undefined)
        return { kind: 'fact', key: { bucket, sequence: row.sequence }, reason: row.reason };
    }
    return undefined;
  }

  /** Inserts, and when the database refuses finds the line that it refuses, by halving. */
  private async guarded<Value>(
    items: readonly Placed<Value>[],
    insert: (some: readonly Placed<Value>[]) => Promise<void>,
  ): Promise<void> {
    await this.client.query('savepoint batch');
    try {
      await insert(items);
      await this.client.query('release savepoint batch');
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || isOutage(error)) throw error;
      await this.client.query('rollback to savepoint batch');
      const [only, ...others] = items;
      if (only === undefined || others.length === 0) {
        throw new ImportRefusedError(`the database does not take it: ${error.message}`, only?.line, {
          cause: error,
        });
      }
      const half = Math.ceil(items.length / 2);
      await this.guarded(items.slice(0, half), insert);
      await this.guarded(items.slice(half), insert);
    }
  }
}

function textOrNull(value: ArchiveValue): string | null {
  return value === null ? null : value.toString();
}

function factColumns(facts: readonly ArchivedFact[]): string[] {
  return [
    plainArray(facts.map(({ bucket }) => bucket)),
    plainArray(facts.map(({ sequence }) => sequence)),
    plainArray(facts.map(({ kind }) => factNumber(kind))),
    plainArray(facts.map(({ committedAtMs }) => committedAtMs)),
    plainArray(facts.map(({ home }) => home?.bucket ?? null)),
    plainArray(facts.map(({ home }) => home?.sequence ?? null)),
    textArray(facts.map(({ legs }) => legArray(legs, ({ bucket }) => bucket))),
    textArray(facts.map(({ legs }) => legArray(legs, ({ sequence }) => sequence))),
    textArray(facts.map(({ idempotencyKey }) => idempotencyKey)),
    textArray(facts.map(({ data }) => data)),
  ];
}

/** A transaction without parts in other buckets has no list of them. */
function legArray(legs: readonly FactKey[], part: (leg: FactKey) => bigint | number): string | null {
  return legs.length === 0 ? null : plainArray(legs.map(part));
}

function entryColumns(facts: readonly ArchivedFact[]): string[] {
  const entries = facts.flatMap(({ bucket, sequence, entries: own }) =>
    own.map((entry) => ({ ...entry, bucket, factSequence: sequence })),
  );
  return [
    plainArray(entries.map(({ bucket }) => bucket)),
    textArray(entries.map(({ accountId }) => accountId)),
    plainArray(entries.map(({ sequence }) => sequence)),
    plainArray(entries.map(({ amount }) => amount)),
    plainArray(entries.map(({ balanceAfter }) => balanceAfter)),
    plainArray(entries.map(({ factSequence }) => factSequence)),
    plainArray(entries.map(({ ordinal }) => ordinal)),
    plainArray(entries.map(({ hashVersion }) => hashVersion)),
    byteaArray(entries.map(({ checksum }) => checksum)),
  ];
}
