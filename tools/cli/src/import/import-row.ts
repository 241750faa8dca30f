/** One row of the file as a command of the platform. */
export interface ImportRow {
  /** Line of the file on which the row begins, from 1. */
  readonly line: number;
  readonly accountId: string;
  readonly currency: string;
  readonly scale: number;
  readonly reference: string;
  /** JSON of the batch item: made once, sent again unchanged after an outage. */
  readonly itemJson: string;
  readonly expectedBalanceMinor?: bigint;
}

/** A row that cannot be posted as it stands. */
export interface MalformedRow {
  readonly line: number;
  readonly reason: string;
}

/** True for a row that cannot be posted, as it was read or as it was mapped. */
export function isMalformed(row: object): row is MalformedRow {
  return 'reason' in row;
}
