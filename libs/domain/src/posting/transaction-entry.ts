import { checksumOf } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import type { Books } from './books.js';
import { metadataJsonOf } from './details.js';
import { ENTRIES_PER_TRANSACTION_MAX, TransactionIds, type FactKey } from './ids.js';
import type { PostedEntry, PostedTransaction } from './outcome.js';
import type { Movement, PlannedTransaction } from './plan.js';
import { platformMetadataOf, type PreparedCommand } from './prepared-command.js';
import type { RowCollector } from './row-collector.js';
import type { Sequencer } from './sequencer.js';
import type { TransactionType } from './transaction-types.js';

/** A transaction in its place. */
export interface EnteredTransaction {
  readonly transaction: PostedTransaction;
  readonly home: FactKey;
}

/** Where a transaction is stored, and what its entries share. */
interface TransactionPlace {
  readonly kind: TransactionType;
  readonly home: FactKey;
  /** Its facts in other buckets. */
  readonly legs: readonly FactKey[];
  readonly committedAtMs: number;
  readonly timestamp: string;
  readonly ids: TransactionIds;
  readonly metadataJson: string;
}

/** Enters transactions: their facts, and an entry at the end of the chain of each account that they move. */
export class TransactionEntry {
  readonly #books: Books;
  readonly #sequencer: Sequencer;
  readonly #rows: RowCollector;

  constructor(books: Books, sequencer: Sequencer, rows: RowCollector) {
    this.#books = books;
    this.#sequencer = sequencer;
    this.#rows = rows;
  }

  /** @param transactionIndex number of the transaction within the batch. */
  enter(
    prepared: PreparedCommand,
    planned: PlannedTransaction,
    transactionIndex: number,
  ): EnteredTransaction {
    const { kind, movements, reversed } = planned;
    invariant(movements.length <= ENTRIES_PER_TRANSACTION_MAX, 'a transaction has at most 255 entries');
    const { idempotencyKey } = prepared;
    const place = this.#takePlace(prepared, planned);
    this.#addFacts(idempotencyKey, place);
    if (reversed) this.#addReversal(reversed.key, reversed.total);
    const entries = movements.map((movement, i) =>
      this.#addEntry(place, movement, { ordinal: i + 1, transactionIndex }),
    );
    const [first] = entries;
    invariant(first, 'a transaction has entries');
    const { metadataJson, committedAtMs, home } = place;
    const transaction = {
      transactionId: place.ids.transactionId,
      type: kind,
      amount: first.amount < 0n ? -first.amount : first.amount,
      currency: first.currency,
      entries,
      idempotencyKey,
      metadataJson,
      committedAtMs,
    };
    return { transaction, home };
  }

  /** Takes the next sequence of every bucket that the transaction touches. */
  #takePlace(prepared: PreparedCommand, planned: PlannedTransaction): TransactionPlace {
    const { homeBucket, command } = prepared;
    const { kind, movements, extraMetadata } = planned;
    const buckets = [homeBucket];
    for (const { bucket } of movements) if (!buckets.includes(bucket)) buckets.push(bucket);
    const committedAtMs = this.#sequencer.commitTime(buckets);
    const home = this.#sequencer.advance(homeBucket, committedAtMs);
    const legs = buckets.slice(1).map((bucket) => this.#sequencer.advance(bucket, committedAtMs));
    const ids = new TransactionIds(home, committedAtMs);
    const timestamp = this.#sequencer.timestampOf(committedAtMs);
    const metadataJson = extraMetadata
      ? metadataJsonOf(command.details, { ...platformMetadataOf(command), ...extraMetadata })
      : prepared.metadataJson;
    return { kind, home, legs, committedAtMs, timestamp, ids, metadataJson };
  }

  #addFacts(idempotencyKey: string | null, place: TransactionPlace): void {
    const { kind, home, legs, committedAtMs, metadataJson: dataJson } = place;
    this.#rows.addFact({ key: home, kind, committedAtMs, home: null, legs, idempotencyKey, dataJson });
    for (const key of legs) {
      this.#rows.addFact({ key, kind, committedAtMs, home, legs: [], idempotencyKey: null, dataJson });
    }
  }

  /** Moves one account by one entry, and links the entry to the account's chain. */
  #addEntry(
    place: TransactionPlace,
    movement: Movement,
    { ordinal, transactionIndex }: { ordinal: number; transactionIndex: number },
  ): PostedEntry {
    const { bucket, accountId, amount, metadataJson } = movement;
    const account = this.#books.account(movement);
    const fact = place.home.bucket === bucket ? place.home : place.legs.find((leg) => leg.bucket === bucket);
    invariant(account && fact, 'a movement is on a known account of a bucket of the transaction');
    const entryId = place.ids.entryId(ordinal);
    const balanceAfter = account.balance + amount;
    const checksum = checksumOf({
      entryId,
      transactionId: place.ids.transactionId,
      accountId,
      type: place.kind,
      amount,
      balanceBefore: account.balance,
      balanceAfter,
      metadataJson: place.metadataJson,
      timestamp: place.timestamp,
      previousChecksum: account.checksum,
    });
    const sequence = account.sequence + 1n;
    this.#rows.touchAccount(account, metadataJson !== undefined);
    this.#books.putAccount({
      ...account,
      balance: balanceAfter,
      version: account.version + 1n,
      sequence,
      checksum,
      metadataJson: metadataJson ?? account.metadataJson,
      updatedAtMs: place.committedAtMs,
    });
    const { currency } = account;
    const posted = { accountId, currency, amount, balanceAfter, sequence };
    const { sequence: factSequence } = fact;
    this.#rows.addEntry({ ...posted, bucket, factSequence, ordinal, transactionIndex, checksum });
    return { ...posted, entryId };
  }

  #addReversal(key: FactKey, reversed: bigint): void {
    this.#books.putReversed(key.bucket, key.sequence, reversed);
    this.#rows.addReversal({ bucket: key.bucket, factSequence: key.sequence, reversed });
  }
}
