import type { Pool, PoolClient } from 'pg';
import {
  factKind,
  isTransactionType,
  parseId,
  transactionIdOf,
  type AccountRef,
  type FactKey,
  type ReversibleTransaction,
  type WriteSet,
} from '@steelyard/domain/posting';
import type { ReservationTerms } from '@steelyard/domain/reservations';
import { invariant } from '@steelyard/domain/result';
import { OutageError, type PipelinedConnection } from '@steelyard/platform/postgres';
import {
  PostingStorage,
  type KeyRef,
  type LoadedHead,
  type LoadedKey,
  type LoadedState,
  type LoadRequest,
  type PostingTransaction,
} from '../../application/posting-engine/posting-storage.port.js';
import { toMs } from './account-row.js';
import { plainArray } from './array-literal.js';
import { load, readEntries, readFacts, readKeys, readReservations } from './posting-loader.js';
import { query, rethrow, type Queryable } from './posting-query.js';
import * as sql from './posting.sql.js';
import { writeBatchValues } from './write-batch-values.js';

interface HeadRow {
  bucket: number;
  sequence: bigint;
  committed_at_ms: bigint;
  write_id: bigint | null;
}

export interface StorageOptions {
  /** How long decided idempotency keys are kept at least. */
  readonly idempotencyTtlMs: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** An account's stored balance is not what its entries say; the entries count. */
  readonly onDrift?: (account: AccountRef) => void;
}

/** The posting core's state on plain PostgreSQL: one function call a batch. */
export class PostgresPostingStorage extends PostingStorage {
  readonly #pool: Pool;
  readonly #writers: readonly PipelinedConnection[];
  readonly #options: StorageOptions;
  readonly #onDrift: (account: AccountRef) => void;

  /** @param writers at least one; a channel of writes has one of its own where there are enough. */
  constructor(pool: Pool, writers: readonly PipelinedConnection[], options: StorageOptions) {
    super();
    this.#pool = pool;
    this.#writers = writers;
    this.#options = options;
    this.#onDrift = options.onDrift ?? (() => undefined);
  }

  async heads(buckets: readonly number[]): Promise<readonly LoadedHead[]> {
    const { rows } = await query<HeadRow>(this.#pool, sql.READ_HEADS, [plainArray(buckets)]);
    return rows.map(headOfRow);
  }

  load(request: LoadRequest): Promise<LoadedState> {
    return load(this.#pool, request, this.#onDrift);
  }

  loadKeys(keys: readonly KeyRef[]): Promise<readonly LoadedKey[]> {
    return readKeys(this.#pool, keys);
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
        load: (request) => load(client, request, this.#onDrift),
        loadKeys: (keys) => readKeys(client, keys),
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

  async findReservations(ids: readonly string[]): Promise<ReadonlyMap<string, ReservationTerms>> {
    const keys = ids.map(parseId).filter((key) => key?.ordinal === 0) as FactKey[];
    if (keys.length === 0) return new Map();
    const found = await readReservations(this.#pool, keys);
    return new Map(found.map((reservation) => [reservation.reservationId, reservation]));
  }

  async #write(on: Queryable, writeSet: WriteSet): Promise<void> {
    const values = writeBatchValues(writeSet, this.#options.now() + this.#options.idempotencyTtlMs);
    await query(on, sql.WRITE_BATCH, values);
  }
}

function headOfRow(row: HeadRow): LoadedHead {
  const { bucket, sequence, write_id: writeId } = row;
  return { bucket, sequence, committedAtMs: toMs(row.committed_at_ms), writeId };
}

async function rollback(client: PoolClient): Promise<void> {
  // It fails when the connection is gone, and then there is nothing left to roll back.
  await client.query('rollback').catch(() => undefined);
}
