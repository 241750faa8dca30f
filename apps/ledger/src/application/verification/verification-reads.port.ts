import type { StoredEntry } from '@steelyard/domain/ledger-chain';

/** Where an account's own row says that its chain ends. */
export interface AccountEnd {
  readonly sequence: bigint;
  /** Minor units. */
  readonly balance: bigint;
  /** Lower-case hex; GENESIS before the first entry. */
  readonly checksum: string;
}

/** Both ends of one chain, read in one snapshot: what the account says and what the last entry says. */
export interface ChainEnds {
  readonly bucket: number;
  readonly accountId: string;
  /** Absent: there are entries, but no account. */
  readonly account: AccountEnd | undefined;
  /** The entry with the highest sequence; sequence and balance 0 and GENESIS when there is none. */
  readonly last: AccountEnd;
  /** Where the chain was proven to end when its facts were new: it has to pass there for ever. */
  readonly proven: AccountEnd | undefined;
}

/** An entry whose fact is missing or of no known kind: its ids and type are unknown. */
export interface UnprovableEntry {
  readonly accountId: string;
  readonly sequence: bigint;
  readonly unprovable: string;
}

export type AuditedEntry = StoredEntry | UnprovableEntry;

/** A stretch of a bucket's entries in the order of (account, sequence). */
export interface EntryRange {
  readonly bucket: number;
  /** The first entry after this place. */
  readonly after: { readonly accountId: string; readonly sequence: bigint };
  /** Entries of this account and those before it. */
  readonly throughAccountId: string;
  readonly limit: number;
}

/** What verification reads. Every method is one statement, and so sees one snapshot. */
export abstract class VerificationReads {
  /** The ends of a bucket's accounts in key order, those after `accountId`. */
  abstract endsAfter(bucket: number, accountId: string, limit: number): Promise<readonly ChainEnds[]>;

  /** The ends of one account's chains, also of those that have entries and no account. */
  abstract endsOf(accountId: string, buckets: readonly number[]): Promise<readonly ChainEnds[]>;

  abstract entries(range: EntryRange): Promise<readonly AuditedEntry[]>;
}
