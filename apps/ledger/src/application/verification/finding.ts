/** What was found wrong, with the account and the first bad entry. */
export interface Finding {
  readonly bucket: number;
  /** Empty when the ledger no longer says whose it was. */
  readonly accountId: string;
  /** First bad sequence of the account's chain; 0 when no entry can be named. */
  readonly sequence: bigint;
  /** Empty when the entry is missing. */
  readonly entryId: string;
  /** The fact at fault; 0 when the chain itself is. */
  readonly factSequence: bigint;
  readonly reason: string;
  /** The stored balance differs from the last entry's. */
  readonly isDrifted: boolean;
}

/** The verdict on one chain. */
export interface ChainVerdict {
  readonly bucket: number;
  readonly accountId: string;
  readonly entriesChecked: bigint;
  readonly finding: Finding | undefined;
}
