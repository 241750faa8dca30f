/** The books of one currency, from the accounts' rows: the walk proves that they equal the entries. */
export interface CurrencyBooks {
  readonly currency: string;
  /** An account of the platform counts once a bucket. */
  readonly accounts: bigint;
  readonly entries: bigint;
  /** Minor units; zero is the only right sum. */
  readonly sum: bigint;
}

export abstract class BooksReads {
  abstract readBooks(): Promise<readonly CurrencyBooks[]>;
}
