/** Which column holds what. A name that is not in the file is an error of the caller. */
export interface ColumnOptions {
  readonly account: string;
  readonly amount: string;
  /** Its value gives the sign; without it the amount's own sign does. */
  readonly direction?: string | undefined;
  readonly currencyCode?: string | undefined;
  readonly currencyColumn?: string | undefined;
  /** Idempotency key of the row. */
  readonly reference?: string | undefined;
  /** Instead of a reference: keys are this text, a colon and the line number. */
  readonly keyFromLine?: string | undefined;
  readonly effective?: string | undefined;
  readonly expectBalance?: string | undefined;
  readonly type?: string | undefined;
  readonly reason?: string | undefined;
  readonly metadata: readonly string[];
  /** Decimals of the amounts; absent: those of the currency. */
  readonly scale?: number | undefined;
  /** True: amounts are integers of minor units already. */
  readonly minor: boolean;
}

/** Everything that one import is told. */
export interface ImportOptions {
  /** A path, or - for standard input. */
  readonly file: string;
  readonly format: 'csv' | 'ndjson';
  readonly columns: ColumnOptions;
  readonly delimiter: string;
  /** 'unlimited', or an amount in the form of the file's amounts; absent: the platform's default. */
  readonly creditLimit?: string | undefined;
  readonly batchSize: number;
  /** Batches under way at once, each for other accounts. */
  readonly inFlight: number;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly reportFile?: string | undefined;
  readonly retryForMs: number;
}
