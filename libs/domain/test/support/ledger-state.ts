import type { Account } from '../../src/accounts/index.js';
import type { AccountRef, DecidedKey, EntryRow, FactRow, Head } from '../../src/posting/index.js';

/** Everything that is committed, for comparing two ledgers. */
export interface LedgerState {
  readonly heads: ReadonlyMap<number, Head>;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly facts: readonly FactRow[];
  readonly entries: readonly EntryRow[];
  readonly reversals: ReadonlyMap<string, bigint>;
  readonly keys: ReadonlyMap<string, DecidedKey>;
}

export function refText({ bucket, accountId }: AccountRef): string {
  return `${bucket} ${accountId}`;
}

export function factText(bucket: number, sequence: bigint): string {
  return `${bucket}/${sequence}`;
}
