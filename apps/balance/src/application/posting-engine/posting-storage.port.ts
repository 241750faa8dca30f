import type { Account } from '@steelyard/domain/accounts';
import type {
  AccountRef,
  DecidedKey,
  DueReservations,
  FactKey,
  Head,
  Requirements,
  ReversibleTransaction,
  WriteSet,
} from '@steelyard/domain/posting';
import type { Reservation, ReservationTerms } from '@steelyard/domain/reservations';
import type { Pot } from '@steelyard/domain/tables';

/** State asked for. Rows that do not exist are simply not in the reply. */
export interface LoadRequest extends Requirements {
  /** What is due is due at this time. Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: number;
}

export interface KeyRef {
  readonly bucket: number;
  readonly slot: string;
}

export type LoadedKey = KeyRef & DecidedKey;

export interface LoadedState {
  readonly accounts: readonly Account[];
  readonly reversals: readonly (FactKey & { readonly reversed: bigint })[];
  readonly reservations: readonly Reservation[];
  readonly pots: readonly Pot[];
  /** One for each account that was asked for. */
  readonly due: readonly (AccountRef & DueReservations)[];
}

export interface LoadedHead extends Head {
  readonly bucket: number;
}

/** Reads and writes of the posting core's state, on whatever a deployment keeps it in. */
export interface PostingTransaction {
  load(request: LoadRequest): Promise<LoadedState>;
  /** Keys that were decided before; the others are absent. */
  loadKeys(keys: readonly KeyRef[]): Promise<readonly LoadedKey[]>;
  /** Throws {@link StaleBatchError} when something that the batch was decided on has changed; else all or nothing. */
  write(writeSet: WriteSet): Promise<void>;
}

/**
 * Where the posting core's state is kept. Every implementation passes one contract test, so that the form of the
 * write may differ by engine. Outages are thrown as OutageError.
 */
export abstract class PostingStorage implements PostingTransaction {
  abstract heads(buckets: readonly number[]): Promise<readonly LoadedHead[]>;
  abstract load(request: LoadRequest): Promise<LoadedState>;
  abstract loadKeys(keys: readonly KeyRef[]): Promise<readonly LoadedKey[]>;
  /** Writes over one channel happen in the order of the calls, without waiting for each other's answers. */
  abstract write(writeSet: WriteSet, channel?: number): Promise<void>;
  /**
   * Runs `work` while no other process can move the heads of `buckets`; what it writes is committed when the
   * promise resolves, and nothing of it when it rejects.
   */
  abstract withLockedHeads<T>(
    buckets: readonly number[],
    work: (heads: readonly LoadedHead[], transaction: PostingTransaction) => Promise<T>,
  ): Promise<T>;
  /** A committed transaction by its id; undefined when there is none. */
  abstract findTransaction(transactionId: string): Promise<ReversibleTransaction | undefined>;
  /** What never changes of reservations, by their ids; unknown and malformed ids are absent. */
  abstract findReservations(ids: readonly string[]): Promise<ReadonlyMap<string, ReservationTerms>>;
}

/** A head, a version or a key was not what the batch was decided on: read again and decide again. */
export class StaleBatchError extends Error {
  override readonly name = 'StaleBatchError';
}
