import type { Account } from '../accounts/index.js';
import type { Reservation } from '../reservations/index.js';
import type { Pot, PotKey } from '../tables/index.js';
import { invariant } from '../result/index.js';
import type { FactKey } from './ids.js';
import type { Outcome } from './outcome.js';

/**
 * Enough to answer a burst of retries from memory; the rest are looked up. What is kept longer than a batch or two
 * costs the garbage collector more than it saves: 2,000 a bucket made deciding markedly slower.
 */
const KEYS_PER_BUCKET_MAX = 128;

/** Which account: system accounts exist once per bucket, so that the id alone does not tell. */
export interface AccountRef {
  readonly bucket: number;
  readonly accountId: string;
}

/** Which pot, and the bucket of its table. */
export interface PotRef extends PotKey {
  readonly bucket: number;
}

/** The last sequence of a bucket, and when it was committed. */
export interface Head {
  readonly sequence: bigint;
  readonly committedAtMs: number;
  /**
   * The write that left it; null: none yet. The sequence alone does not say: what one process decided and could
   * not store and what another stored instead may well end at the same one.
   */
  readonly writeId: bigint | null;
}

/** The held reservations of an account whose time is over, as stored when a batch began. */
export interface DueReservations {
  /** Those that have ended since then are in the books as ended. */
  readonly reservations: readonly Reservation[];
  /** The earliest expiry of the others; null: there are none. */
  readonly nextExpiryAtMs: number | null;
}

/** Which pot of a table's bucket. Neither id contains a slash. */
export function potText({ tableId, handId }: PotKey): string {
  return `${tableId}/${handId}`;
}

/** What a bucket remembers of a decided key. */
export interface DecidedKey {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

/** The state of one bucket that decisions are made on, as of its head. null: known to be absent. */
export interface BucketBooks {
  head: Head;
  readonly accounts: Map<string, Account | null>;
  /** By the sequence of the fact that they were held by. */
  readonly reservations: Map<bigint, Reservation | null>;
  /** By {@link potText}. */
  readonly pots: Map<string, Pot | null>;
  /** What has expired by the clock of the batch that is being decided, by account. */
  readonly due: Map<string, DueReservations>;
  /** Minor units reversed so far, by the sequence of the reversed transaction. */
  readonly reversals: Map<bigint, bigint>;
  /** Recently decided keys by slot. Absent means unknown, unless the slot was looked up. */
  readonly keys: Map<string, DecidedKey>;
}

/**
 * The working state of the posting core: what is known of each bucket as of its head. It holds committed state
 * and, on top, the decisions of batches that are still being written; when such a batch fails, its buckets are
 * forgotten and read again. Correctness never rests on it: a batch is stored only if every head it was decided
 * on is still the stored one.
 */
export class Books {
  readonly #buckets = new Map<number, BucketBooks>();
  #undo: (() => void)[] | undefined;

  /** The books of a bucket; undefined when its head is not known yet. */
  find(bucket: number): BucketBooks | undefined {
    return this.#buckets.get(bucket);
  }

  /** The books of a bucket that has been loaded. */
  get(bucket: number): BucketBooks {
    const books = this.#buckets.get(bucket);
    invariant(books, `bucket ${bucket} was not loaded`);
    return books;
  }

  /** Starts or corrects a bucket at a head. What was known as of another head is forgotten. */
  setHead(bucket: number, head: Head): void {
    const known = this.#buckets.get(bucket)?.head;
    if (known?.sequence === head.sequence && known.writeId === head.writeId) return;
    this.#buckets.set(bucket, {
      head,
      accounts: new Map(),
      reservations: new Map(),
      pots: new Map(),
      due: new Map(),
      reversals: new Map(),
      keys: new Map(),
    });
  }

  /** Forgets all that is known of a bucket. */
  forget(bucket: number): void {
    this.#buckets.delete(bucket);
  }

  /** Forgets everything. */
  clear(): void {
    this.#buckets.clear();
  }

  /** The account, null when it is known to be absent. It must have been loaded. */
  account(ref: AccountRef): Account | null {
    const account = this.get(ref.bucket).accounts.get(ref.accountId);
    invariant(account !== undefined, `account ${ref.accountId} was not loaded`);
    return account;
  }

  /** The reservation, null when it is known to be absent. It must have been loaded. */
  reservation({ bucket, sequence }: FactKey): Reservation | null {
    const reservation = this.get(bucket).reservations.get(sequence);
    invariant(reservation !== undefined, `reservation ${bucket}/${sequence} was not loaded`);
    return reservation;
  }

  /** The pot, null when it is known to be absent. It must have been loaded. */
  pot(bucket: number, key: PotKey): Pot | null {
    const pot = this.get(bucket).pots.get(potText(key));
    invariant(pot !== undefined, `pot ${potText(key)} was not loaded`);
    return pot;
  }

  putReservation(reservation: Reservation): void {
    this.#put(this.get(reservation.bucket).reservations, reservation.sequence, reservation);
  }

  putPot(pot: Pot): void {
    this.#put(this.get(pot.bucket).pots, potText(pot), pot);
  }

  /** Forgets what was due in a bucket: by the next batch's clock it is something else. */
  clearDue(bucket: number): void {
    this.get(bucket).due.clear();
  }

  putAccount(account: Account): void {
    this.#put(this.get(account.bucket).accounts, account.accountId, account);
  }

  putHead(bucket: number, head: Head): void {
    const books = this.get(bucket);
    const previous = books.head;
    this.#undo?.push(() => (books.head = previous));
    books.head = head;
  }

  putReversed(bucket: number, sequence: bigint, reversed: bigint): void {
    this.#put(this.get(bucket).reversals, sequence, reversed);
  }

  putKey(bucket: number, slot: string, key: DecidedKey): void {
    this.#put(this.get(bucket).keys, slot, key);
  }

  /**
   * Forgets the oldest keys of a bucket but for a few. Safe only between batches: storage refuses to decide a key
   * twice, but a batch that forgot a key of its own would contain it twice, and could never be written.
   */
  trimKeys(bucket: number): void {
    const { keys } = this.get(bucket);
    for (const oldest of keys.keys()) {
      if (keys.size <= KEYS_PER_BUCKET_MAX) return;
      keys.delete(oldest);
    }
  }

  /** From here on changes can be taken back together by {@link rollback}. */
  begin(): void {
    invariant(!this.#undo, 'books have no nested transactions');
    this.#undo = [];
  }

  /** Keeps the changes since {@link begin}. */
  commit(): void {
    this.#undo = undefined;
  }

  /** Takes back the changes since {@link begin}. */
  rollback(): void {
    const undo = this.#undo ?? [];
    this.#undo = undefined;
    for (const step of undo.reverse()) step();
  }

  /** Rows that are held, for bounding memory. */
  size(): number {
    let size = 0;
    for (const { accounts, keys, reservations, pots } of this.#buckets.values()) {
      size += accounts.size + keys.size + reservations.size + pots.size;
    }
    return size;
  }

  #put<K, V>(map: Map<K, V>, key: K, value: V): void {
    if (this.#undo) {
      const previous = map.get(key);
      this.#undo.push(() => (previous === undefined ? map.delete(key) : map.set(key, previous)));
    }
    map.set(key, value);
  }
}
