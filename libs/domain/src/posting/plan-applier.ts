import type { Account } from '../accounts/index.js';
import { canonicalJson, checksumOf } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import type { Books } from './books.js';
import type { DecisionContext } from './decision-context.js';
import { ENTRIES_PER_TRANSACTION_MAX, TransactionIds, type FactKey } from './ids.js';
import type { Outcome, PostedEntry } from './outcome.js';
import type {
  Movement,
  Plan,
  PlannedAccountFact,
  PlannedFact,
  PlannedTransaction,
  Unchanged,
} from './plan.js';
import type { PreparedCommand } from './prepared-command.js';
import type { TransactionType } from './transaction-types.js';
import type { ChangedAccount, EntryRow, FactRow, ReversalRow, WriteSet } from './write-set.js';

/** What applying a command's decision came to. */
export interface Applied {
  readonly outcome: Outcome;
  /** Of the fact that answers the command; null when nothing was written. */
  readonly factSequence: bigint | null;
}

interface TouchedAccount {
  /** As of the beginning of the batch; null when the batch opened it. */
  readonly expectedVersion: bigint | null;
  isProfileChanged: boolean;
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

type AppliedMark = {
  readonly [List in 'facts' | 'entries' | 'reversals']: number;
} & { readonly touched: Map<string, TouchedAccount>; readonly transactions: number };

/** When the batch is decided, and by which write it is stored. */
type Moment = Pick<DecisionContext, 'nowMs' | 'writeId'>;

/** Gives planned facts their place: sequences, ids, chain checksums, balances; and collects the rows. */
export class PlanApplier {
  readonly #books: Books;
  readonly #moment: Moment;
  readonly #facts: FactRow[] = [];
  readonly #entries: EntryRow[] = [];
  readonly #reversals: ReversalRow[] = [];
  #touched = new Map<string, TouchedAccount>();
  #transactions = 0;
  #lastTimestamp = { ms: -1, text: '' };

  constructor(books: Books, moment: Moment) {
    this.#books = books;
    this.#moment = moment;
  }

  /** Applies a granted command to the books and keeps its rows. */
  apply(prepared: PreparedCommand, decision: Plan | Unchanged): Applied {
    if (!('facts' in decision)) {
      const { account } = decision;
      return { outcome: { kind: 'account', account, isCreated: false }, factSequence: null };
    }
    for (const account of decision.openedAccounts) this.#open(account);
    const outcomes = decision.facts.map((fact) => this.#applyFact(prepared, fact));
    const answer = outcomes[decision.answerIndex];
    invariant(answer, 'a plan names the fact that answers it');
    return this.#withFinalAccount(answer);
  }

  mark(): AppliedMark {
    return {
      facts: this.#facts.length,
      entries: this.#entries.length,
      reversals: this.#reversals.length,
      touched: new Map([...this.#touched].map(([key, touched]) => [key, { ...touched }])),
      transactions: this.#transactions,
    };
  }

  rollback(mark: AppliedMark): void {
    this.#facts.length = mark.facts;
    this.#entries.length = mark.entries;
    this.#reversals.length = mark.reversals;
    this.#touched = mark.touched;
    this.#transactions = mark.transactions;
  }

  rows(): Omit<WriteSet, 'heads' | 'keys'> {
    const openedAccounts: Account[] = [];
    const changedAccounts: ChangedAccount[] = [];
    for (const [key, { expectedVersion, isProfileChanged }] of this.#touched) {
      const account = this.#books.account(refOf(key));
      invariant(account, 'a touched account exists');
      if (expectedVersion === null) openedAccounts.push(account);
      else changedAccounts.push({ account, expectedVersion, isProfileChanged });
    }
    // Of two reversals of one transaction the later holds the total.
    const byOriginal = new Map(this.#reversals.map((row) => [keyOf(row.bucket, `${row.factSequence}`), row]));
    const reversals = [...byOriginal.values()];
    return { openedAccounts, changedAccounts, facts: this.#facts, entries: this.#entries, reversals };
  }

  #applyFact(prepared: PreparedCommand, fact: PlannedFact): Applied {
    return 'movements' in fact
      ? this.#applyTransaction(prepared, fact)
      : this.#applyAccountFact(prepared, fact);
  }

  #applyAccountFact(prepared: PreparedCommand, fact: PlannedAccountFact): Applied {
    const { kind, after } = fact;
    const isCreated = kind === 'ACCOUNT_OPENED';
    if (!isCreated) {
      this.#touch(after.bucket, after.accountId, after.version - 1n).isProfileChanged = true;
      this.#books.putAccount(after);
    }
    const committedAtMs = this.#commitTime([after.bucket]);
    const key = this.#advance(after.bucket, committedAtMs);
    this.#facts.push({
      key,
      kind,
      committedAtMs,
      home: null,
      legs: [],
      idempotencyKey: prepared.idempotencyKey,
      dataJson: canonicalJson(fact.data),
    });
    return { outcome: { kind: 'account', account: after, isCreated }, factSequence: key.sequence };
  }

  #applyTransaction(prepared: PreparedCommand, planned: PlannedTransaction): Applied {
    const { kind, movements, reversed } = planned;
    invariant(movements.length <= ENTRIES_PER_TRANSACTION_MAX, 'a transaction has at most 255 entries');
    const place = this.#takePlace(prepared, planned);
    this.#pushTransactionFacts(prepared, place);
    if (reversed) this.#pushReversal(reversed.key, reversed.total);
    const entries = movements.map((movement, i) => this.#enter(place, movement, i + 1));
    this.#transactions += 1;
    const [first] = entries;
    invariant(first, 'a transaction has entries');
    const transaction = {
      transactionId: place.ids.transactionId,
      type: kind,
      amount: first.amount < 0n ? -first.amount : first.amount,
      currency: first.currency,
      entries,
      idempotencyKey: prepared.idempotencyKey,
      metadataJson: prepared.metadataJson,
      committedAtMs: place.committedAtMs,
    };
    return { outcome: { kind: 'transaction', transaction }, factSequence: place.home.sequence };
  }

  /** Takes the next sequence of every bucket that the transaction touches. */
  #takePlace(prepared: PreparedCommand, { kind, movements }: PlannedTransaction): TransactionPlace {
    const { homeBucket, metadataJson } = prepared;
    const buckets = [homeBucket];
    for (const { bucket } of movements) if (!buckets.includes(bucket)) buckets.push(bucket);
    const committedAtMs = this.#commitTime(buckets);
    const home = this.#advance(homeBucket, committedAtMs);
    const legs = buckets.slice(1).map((bucket) => this.#advance(bucket, committedAtMs));
    const ids = new TransactionIds(home, committedAtMs);
    return {
      kind,
      home,
      legs,
      committedAtMs,
      timestamp: this.#timestampOf(committedAtMs),
      ids,
      metadataJson,
    };
  }

  #pushTransactionFacts({ idempotencyKey }: PreparedCommand, place: TransactionPlace): void {
    const { kind, home, legs, committedAtMs, metadataJson: dataJson } = place;
    this.#facts.push({ key: home, kind, committedAtMs, home: null, legs, idempotencyKey, dataJson });
    for (const key of legs) {
      this.#facts.push({ key, kind, committedAtMs, home, legs: [], idempotencyKey: null, dataJson });
    }
  }

  /** Moves one account by one entry, and links the entry to the account's chain. */
  #enter(place: TransactionPlace, movement: Movement, ordinal: number): PostedEntry {
    const { bucket, accountId, amount } = movement;
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
    this.#touch(bucket, accountId, account.version);
    this.#books.putAccount({
      ...account,
      balance: balanceAfter,
      version: account.version + 1n,
      sequence,
      checksum,
      updatedAtMs: place.committedAtMs,
    });
    const { currency } = account;
    const posted = { accountId, currency, amount, balanceAfter, sequence };
    const transactionIndex = this.#transactions;
    this.#entries.push({
      ...posted,
      bucket,
      factSequence: fact.sequence,
      ordinal,
      transactionIndex,
      checksum,
    });
    return { ...posted, entryId };
  }

  #open(account: Account): void {
    this.#books.putAccount(account);
    this.#touched.set(keyOf(account.bucket, account.accountId), {
      expectedVersion: null,
      isProfileChanged: true,
    });
  }

  #touch(bucket: number, accountId: string, version: bigint): TouchedAccount {
    const key = keyOf(bucket, accountId);
    const known = this.#touched.get(key);
    if (known) return known;
    const touched = { expectedVersion: version, isProfileChanged: false };
    this.#touched.set(key, touched);
    return touched;
  }

  #pushReversal(key: FactKey, reversed: bigint): void {
    this.#books.putReversed(key.bucket, key.sequence, reversed);
    this.#reversals.push({ bucket: key.bucket, factSequence: key.sequence, reversed });
  }

  /** Commit times never go back within a bucket, whatever the clock does. */
  #commitTime(buckets: readonly number[]): number {
    return buckets.reduce(
      (time, bucket) => Math.max(time, this.#books.get(bucket).head.committedAtMs),
      this.#moment.nowMs,
    );
  }

  #advance(bucket: number, committedAtMs: number): FactKey {
    const sequence = this.#books.get(bucket).head.sequence + 1n;
    this.#books.putHead(bucket, { sequence, committedAtMs, writeId: this.#moment.writeId });
    return { bucket, sequence };
  }

  /** Most transactions of a batch share their millisecond. */
  #timestampOf(ms: number): string {
    if (this.#lastTimestamp.ms !== ms) this.#lastTimestamp = { ms, text: new Date(ms).toISOString() };
    return this.#lastTimestamp.text;
  }

  /** An account that was opened and then moved is answered as it is now, not as it was in between. */
  #withFinalAccount(applied: Applied): Applied {
    if (applied.outcome.kind !== 'account') return applied;
    const account = this.#books.account(applied.outcome.account) ?? applied.outcome.account;
    return { ...applied, outcome: { ...applied.outcome, account } };
  }
}

function keyOf(bucket: number, accountId: string): string {
  return `${bucket} ${accountId}`;
}

function refOf(key: string): { bucket: number; accountId: string } {
  const space = key.indexOf(' ');
  return { bucket: Number.parseInt(key, 10), accountId: key.slice(space + 1) };
}
