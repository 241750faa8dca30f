import type { Account } from '../../src/accounts/index.js';
import {
  potText,
  type AccountRef,
  type DecidedKey,
  type EntryRow,
  type FactRow,
  type Head,
  type PotRef,
} from '../../src/posting/index.js';
import type { Reservation } from '../../src/reservations/index.js';
import type { Pot } from '../../src/tables/index.js';

/** Everything that is committed, for comparing two ledgers. */
export interface LedgerState {
  readonly heads: ReadonlyMap<number, Head>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly facts: readonly FactRow[];
  readonly entries: readonly EntryRow[];
  readonly reversals: ReadonlyMap<string, bigint>;
  /** By the fact that they were held by. */
  readonly reservations: ReadonlyMap<string, Reservation>;
  readonly pots: ReadonlyMap<string, Pot>;
  readonly keys: ReadonlyMap<string, DecidedKey>;
}

export function refText({ bucket, accountId }: AccountRef): string {
  return `${bucket} ${accountId}`;
}

export function factText(bucket: number, sequence: bigint): string {
  return `${bucket}/${sequence}`;
}

export function potRefText(ref: PotRef): string {
  return `${ref.bucket} ${potText(ref)}`;
}
