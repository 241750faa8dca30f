import type { Account } from '../accounts/index.js';
import { invariant } from '../result/index.js';
import type { Reservation } from '../reservations/index.js';
import type { Pot } from '../tables/index.js';
import { potText, type Books } from './books.js';
import type { FactKey } from './ids.js';
import type { ChangedAccount, EntryRow, FactRow, ReversalRow, WriteSet } from './write-set.js';

interface TouchedAccount {
  readonly bucket: number;
  readonly accountId: string;
  /** As of the beginning of the batch; null when the batch opened it. */
  readonly expectedVersion: bigint | null;
  /** More changes than its balance. */
  readonly isProfileChanged: boolean;
}

interface TouchedReservation extends FactKey {
  readonly isNew: boolean;
}

interface TouchedPot {
  readonly pot: Pot;
  /** As of the beginning of the batch; null when the batch opened it. */
  readonly expectedVersion: bigint | null;
}

/** How much had been collected at one moment. */
export interface CollectedMark {
  readonly facts: number;
  readonly entries: number;
  readonly reversals: number;
  readonly accounts: ReadonlyMap<string, TouchedAccount>;
  readonly reservations: ReadonlyMap<string, TouchedReservation>;
  readonly pots: ReadonlyMap<string, TouchedPot>;
}

/** Collects the rows of a batch: what is new is kept, what changes is named and read from the books at the end. */
export class RowCollector {
  readonly #books: Books;
  readonly #facts: FactRow[] = [];
  readonly #entries: EntryRow[] = [];
  readonly #reversals: ReversalRow[] = [];
  #accounts = new Map<string, TouchedAccount>();
  #reservations = new Map<string, TouchedReservation>();
  #pots = new Map<string, TouchedPot>();

  constructor(books: Books) {
    this.#books = books;
  }

  addFact(row: FactRow): void {
    this.#facts.push(row);
  }

  addEntry(row: EntryRow): void {
    this.#entries.push(row);
  }

  addReversal(row: ReversalRow): void {
    this.#reversals.push(row);
  }

  /** An account that the batch opens. */
  addAccount({ bucket, accountId }: Account): void {
    const touched = { bucket, accountId, expectedVersion: null, isProfileChanged: true };
    this.#accounts.set(`${bucket} ${accountId}`, touched);
  }

  /** Call it with the account as it was before the change. */
  touchAccount({ bucket, accountId, version }: Account, isProfileChanged: boolean): void {
    const key = `${bucket} ${accountId}`;
    const known = this.#accounts.get(key);
    if (known && (known.isProfileChanged || !isProfileChanged)) return;
    const expectedVersion = known ? known.expectedVersion : version;
    this.#accounts.set(key, { bucket, accountId, expectedVersion, isProfileChanged });
  }

  touchReservation({ bucket, sequence }: Reservation, isNew: boolean): void {
    const key = `${bucket} ${sequence}`;
    if (!this.#reservations.has(key)) this.#reservations.set(key, { bucket, sequence, isNew });
  }

  /** Call it with the pot as it will be. */
  touchPot(pot: Pot, isNew: boolean): void {
    const key = `${pot.bucket} ${potText(pot)}`;
    if (this.#pots.has(key)) return;
    this.#pots.set(key, { pot, expectedVersion: isNew ? null : pot.version - 1n });
  }

  mark(): CollectedMark {
    return {
      facts: this.#facts.length,
      entries: this.#entries.length,
      reversals: this.#reversals.length,
      accounts: new Map(this.#accounts),
      reservations: new Map(this.#reservations),
      pots: new Map(this.#pots),
    };
  }

  rollback(mark: CollectedMark): void {
    this.#facts.length = mark.facts;
    this.#entries.length = mark.entries;
    this.#reversals.length = mark.reversals;
    this.#accounts = new Map(mark.accounts);
    this.#reservations = new Map(mark.reservations);
    this.#pots = new Map(mark.pots);
  }

  /** The rows, as the books have them now. */
  rows(): Omit<WriteSet, 'heads' | 'keys'> {
    return {
      ...this.#accountRows(),
      facts: this.#facts,
      entries: this.#entries,
      reversals: this.#reversalRows(),
      reservations: [...this.#reservations.values()].map(({ isNew, ...key }) => {
        const reservation = this.#books.reservation(key);
        invariant(reservation, 'a touched reservation exists');
        return { reservation, isNew };
      }),
      pots: [...this.#pots.values()].map(({ pot: { bucket, ...key }, expectedVersion }) => {
        const pot = this.#books.pot(bucket, key);
        invariant(pot, 'a touched pot exists');
        return { pot, expectedVersion };
      }),
    };
  }

  #accountRows(): Pick<WriteSet, 'openedAccounts' | 'changedAccounts'> {
    const openedAccounts: Account[] = [];
    const changedAccounts: ChangedAccount[] = [];
    for (const { expectedVersion, isProfileChanged, ...ref } of this.#accounts.values()) {
      const account = this.#books.account(ref);
      invariant(account, 'a touched account exists');
      if (expectedVersion === null) openedAccounts.push(account);
      else changedAccounts.push({ account, expectedVersion, isProfileChanged });
    }
    return { openedAccounts, changedAccounts };
  }

  /** Of two reversals of one transaction the later holds the total. */
  #reversalRows(): readonly ReversalRow[] {
    if (this.#reversals.length < 2) return this.#reversals;
    const byOriginal = new Map(this.#reversals.map((row) => [`${row.bucket} ${row.factSequence}`, row]));
    return [...byOriginal.values()];
  }
}
