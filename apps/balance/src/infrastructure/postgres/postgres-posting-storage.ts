import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import {
  factKind,
  isTransactionType,
  outcomeFromJson,
  parseId,
  transactionIdOf,
  type FactKey,
  type ReversibleTransaction,
  type WriteSet,
} from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import {
  constraintOf,
  isOutage,
  isSerializationConflict,
  OutageError,
  sqlStateOf,
  type PipelinedConnection,
} from '@steelyard/platform/postgres';
import {
  PostingStorage,
  StaleBatchError,
  type KeyRef,
  type LoadedHead,
  type LoadedState,
  type LoadRequest,
  type PostingTransaction,
} from '../../application/posting-engine/posting-storage.port.js';
import { accountOfRow, toMs, type AccountRow } from './account-row.js';
import { plainArray, textArray } from './array-literal.js';
import {
  completingFact,
  factText,
  groupByFact,
  outcomeOfFact,
  type EntryResultRow,
  type FactResultRow,
} from './outcome-reader.js';
import * as sql from './posting.sql.js';
import { writeBatchValues } from './write-batch-values.js';

const STALE_SQLSTATES: ReadonlySet<string> = new Set(['SY001', '23505']);

interface HeadRow {
  bucket: number;
  sequence: bigint;
  committed_at_ms: bigint;
  write_id: bigint | null;
}

interface KeyResultRow {
  bucket: number;
  slot: string;
  fingerprint: string;
  fact_sequence: bigint | null;
  outcome: string | null;
}

export interface StorageOptions {
  /** How long decided idempotency keys are kept at least. */
  readonly idempotencyTtlMs: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** A pool, the one connection of a transaction, or one that takes statements without waiting. */
interface Queryable {
  query<Row extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<Row>>;
}

/** The posting core's state on plain PostgreSQL: one function call a batch. */
export class PostgresPostingStorage extends PostingStorage {
  readonly #pool: Pool;
  readonly #writers: readonly PipelinedConnection[];
  readonly #options: StorageOptions;

  /** @param writers at least one; a channel of writes has one of its own where there are enough. */
  constructor(pool: Pool, writers: readonly PipelinedConnection[], options: StorageOptions) {
    super();
    this.#pool = pool;
    this.#writers = writers;
    this.#options = options;
  }

  async heads(buckets: readonly number[]): Promise<readonly LoadedHead[]> {
    const { rows } = await query<HeadRow>(this.#pool, sql.READ_HEADS, [plainArray(buckets)]);
    return rows.map(headOfRow);
  }

  load(request: LoadRequest): Promise<LoadedState> {
    return load(this.#pool, request);
  }

  write(writeSet: WriteSet, channel = 0): Promise<void> {
    const writer = this.#writers[channel % this.#writers.length];
    invariant(writer, 'there is a connection to write on');
    return this.#write(writer, writeSet);
  }

  async withLockedHeads<T>(
    buckets: readonly number[],
    work: (heads: readonly LoadedHead[], transaction: PostingTransaction) => Promise<T>,
  ): Promise<T> {
    const client = await this.#pool.connect().catch(rethrow);
    let failure: Error | undefined;
    try {
      await query(client, { text: 'begin isolation level read committed' }, []);
      const { rows } = await query<HeadRow>(client, sql.LOCK_HEADS, [plainArray(buckets)]);
      const result = await work(rows.map(headOfRow), {
        load: (request) => load(client, request),
        write: (writeSet) => this.#write(client, writeSet),
      });
      await query(client, { text: 'commit' }, []);
      return result;
    } catch (error) {
      failure = error instanceof Error ? error : new Error('posting transaction failed', { cause: error });
      await rollback(client);
      throw failure;
    } finally {
      // After an outage the connection's state is unknown: it is closed, not given back.
      client.release(failure instanceof OutageError ? failure : undefined);
    }
  }

  async findTransaction(transactionId: string): Promise<ReversibleTransaction | undefined> {
    const key = parseId(transactionId);
    if (key?.ordinal !== 0) return undefined;
    const [fact] = await readFacts(this.#pool, [key]);
    const kind = fact && factKind(fact.kind);
    if (!fact || !kind || !isTransactionType(kind) || fact.home_bucket !== null) return undefined;
    if (transactionIdOf(key, toMs(fact.committed_at_ms)) !== transactionId.toLowerCase()) return undefined;
    const entries = await readEntries(this.#pool, [key]);
    const legs = entries.map(({ bucket, account_id: accountId, currency, amount }) => ({
      bucket,
      accountId,
      currency,
      amount,
    }));
    return { key, transactionId: transactionId.toLowerCase(), type: kind, legs };
  }

  async #write(on: Queryable, writeSet: WriteSet): Promise<void> {
    const values = writeBatchValues(writeSet, this.#options.now() + this.#options.idempotencyTtlMs);
    await query(on, sql.WRITE_BATCH, values);
  }
}

async function load(on: Queryable, request: LoadRequest): Promise<LoadedState> {
  const { accounts, reversals, keys } = request;
  return {
    accounts: accounts.length === 0 ? [] : await readAccounts(on, request),
    reversals: reversals.length === 0 ? [] : await readReversals(on, reversals),
    keys: keys.length === 0 ? [] : await readKeys(on, keys),
  };
}

async function readAccounts(on: Queryable, { accounts }: LoadRequest): Promise<LoadedState['accounts']> {
  const values = [
    plainArray(accounts.map((ref) => ref.bucket)),
    textArray(accounts.map((ref) => ref.accountId)),
  ];
  const { rows } = await query<AccountRow>(on, sql.READ_ACCOUNTS, values);
  return rows.map(accountOfRow);
}

async function readReversals(on: Queryable, keys: readonly FactKey[]): Promise<LoadedState['reversals']> {
  type Row = { bucket: number; fact_sequence: bigint; reversed: bigint };
  const { rows } = await query<Row>(on, sql.READ_REVERSALS, factKeyArrays(keys));
  return rows.map((row) => ({ bucket: row.bucket, sequence: row.fact_sequence, reversed: row.reversed }));
}

async function readKeys(on: Queryable, keys: readonly KeyRef[]): Promise<LoadedState['keys']> {
  const values = [plainArray(keys.map((key) => key.bucket)), plainArray(keys.map((key) => key.slot))];
  const { rows } = await query<KeyResultRow>(on, sql.READ_KEYS, values);
  const known: FactKey[] = [];
  for (const { bucket, fact_sequence: sequence } of rows)
    if (sequence !== null) known.push({ bucket, sequence });
  const facts = new Map(
    known.length === 0 ? [] : (await readFacts(on, known)).map((row) => [textOf(row), row]),
  );
  const wanted = [...known, ...[...facts.values()].filter(isOpening).map(completingFact)];
  const entries = groupByFact(wanted.length === 0 ? [] : await readEntries(on, wanted));
  return rows.map((row) => {
    const { bucket, slot, fingerprint } = row;
    if (row.fact_sequence === null) {
      invariant(row.outcome !== null, 'a decided key has a fact or an outcome');
      return { bucket, slot, fingerprint, outcome: outcomeFromJson(row.outcome) };
    }
    const text = factText(bucket, row.fact_sequence);
    const fact = facts.get(text);
    invariant(fact, `fact ${text} of a decided key is missing`);
    const completing = completingFact(fact);
    const outcome = outcomeOfFact(
      fact,
      entries.get(text) ?? [],
      entries.get(factText(completing.bucket, completing.sequence)) ?? [],
    );
    return { bucket, slot, fingerprint, outcome };
  });
}

async function readFacts(on: Queryable, keys: readonly FactKey[]): Promise<FactResultRow[]> {
  return (await query<FactResultRow>(on, sql.READ_FACTS, factKeyArrays(keys))).rows;
}

async function readEntries(on: Queryable, keys: readonly FactKey[]): Promise<EntryResultRow[]> {
  // Asked for twice (a request repeated within one batch), a fact would come with each entry twice.
  const distinct = new Map(keys.map((key) => [factText(key.bucket, key.sequence), key]));
  const values = factKeyArrays([...distinct.values()]);
  return (await query<EntryResultRow>(on, sql.READ_ENTRIES_OF_FACTS, values)).rows;
}

function factKeyArrays(keys: readonly FactKey[]): string[] {
  return [plainArray(keys.map((key) => key.bucket)), plainArray(keys.map((key) => key.sequence))];
}

function isOpening(row: FactResultRow): boolean {
  return factKind(row.kind) === 'ACCOUNT_OPENED';
}

function textOf(row: FactResultRow): string {
  return factText(row.bucket, row.sequence);
}

function headOfRow(row: HeadRow): LoadedHead {
  const { bucket, sequence, write_id: writeId } = row;
  return { bucket, sequence, committedAtMs: toMs(row.committed_at_ms), writeId };
}

async function query<Row extends QueryResultRow>(
  on: Queryable,
  statement: QueryConfig,
  values: readonly unknown[],
): Promise<QueryResult<Row>> {
  try {
    return await on.query<Row>({ ...statement, values: [...values] });
  } catch (error) {
    return rethrow(error);
  }
}

/** Tells apart what the engine handles: someone else was faster, the database is away; the rest is a bug. */
function rethrow(error: unknown): never {
  const state = sqlStateOf(error);
  if (state !== undefined && STALE_SQLSTATES.has(state)) {
    throw new StaleBatchError(`${state} ${constraintOf(error) ?? ''}`, { cause: error });
  }
  if (isSerializationConflict(error)) throw new StaleBatchError('serialization conflict', { cause: error });
  if (isOutage(error)) throw new OutageError('PostgreSQL is not reachable', { cause: error });
  throw error;
}

async function rollback(client: PoolClient): Promise<void> {
  // It fails when the connection is gone, and then there is nothing left to roll back.
  await client.query('rollback').catch(() => undefined);
}
