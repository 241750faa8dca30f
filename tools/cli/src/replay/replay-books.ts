import { TableBook } from './table-book.js';

/** Sums over all hands, in minor units. */
export interface Turnover {
  /** Given to the players to sit down with. */
  readonly deposited: bigint;
  readonly boughtIn: bigint;
  readonly contributed: bigint;
  readonly returned: bigint;
  readonly won: bigint;
  readonly rake: bigint;
  readonly cashedOut: bigint;
}

/**
 * What the platform has answered, kept beside it: every granted command is entered here too, and at the end the
 * platform's accounts must show the same.
 */
export class ReplayBooks {
  readonly balances = new Map<string, bigint>();
  readonly tables = new Map<string, TableBook>();
  readonly #turnover = {
    deposited: 0n,
    boughtIn: 0n,
    contributed: 0n,
    returned: 0n,
    won: 0n,
    rake: 0n,
    cashedOut: 0n,
  };

  get turnover(): Turnover {
    return this.#turnover;
  }

  /** Chips that were put into pots and are not settled. */
  get inPots(): bigint {
    const { contributed, returned, won, rake } = this.#turnover;
    return contributed - returned - won - rake;
  }

  table(tableId: string): TableBook {
    const book = this.tables.get(tableId) ?? new TableBook(tableId);
    this.tables.set(tableId, book);
    return book;
  }

  deposited(accountId: string, amount: bigint): void {
    this.#turnover.deposited += amount;
    this.#credit(accountId, amount);
  }

  boughtIn(accountId: string, table: TableBook, amount: bigint): void {
    this.#turnover.boughtIn += amount;
    this.#credit(accountId, -amount);
    table.add(amount);
  }

  contributed(table: TableBook, amount: bigint): void {
    this.#turnover.contributed += amount;
    table.take(amount);
  }

  returned(table: TableBook, amount: bigint): void {
    this.#turnover.returned += amount;
    table.add(amount);
  }

  won(accountId: string, amount: bigint): void {
    this.#turnover.won += amount;
    this.#credit(accountId, amount);
  }

  raked(amount: bigint): void {
    this.#turnover.rake += amount;
  }

  cashedOut(accountId: string, table: TableBook, amount: bigint): void {
    this.#turnover.cashedOut += amount;
    this.#credit(accountId, amount);
    table.take(amount);
  }

  #credit(accountId: string, amount: bigint): void {
    this.balances.set(accountId, (this.balances.get(accountId) ?? 0n) + amount);
  }
}
