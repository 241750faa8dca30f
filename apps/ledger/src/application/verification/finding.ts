import type { AccountEnd } from './verification-reads.port.js';

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
  /** The entries themselves are right: it is the account's row that differs from where they end. */
  readonly drift?: Drift;
  /** From where the chain has to be proven again, when it is the chain that is wrong. */
  readonly restart?: AccountEnd;
}

/** An account's row that does not say what its entries say. */
export interface Drift {
  readonly expected: AccountEnd;
  readonly found: AccountEnd;
}

/** The verdict on one chain. */
export interface ChainVerdict {
  readonly bucket: number;
  readonly accountId: string;
  readonly entriesChecked: bigint;
  readonly finding: Finding | undefined;
  /** How far the chain is right: to its end, or to the place before the first bad entry. */
  readonly proven: AccountEnd;
}
