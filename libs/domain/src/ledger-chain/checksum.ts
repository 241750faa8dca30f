import { hash } from 'node:crypto';

/** What stands for the checksum before an account's first entry. */
export const GENESIS = 'GENESIS';

/** The form of {@link checksumText}; stored beside each entry so that the form can change one day. */
export const HASH_VERSION = 1;

/** All that an entry's checksum covers. Amounts are minor units; `amount` is signed. */
export interface ChainedEntryFields {
  readonly entryId: string;
  readonly transactionId: string;
  readonly accountId: string;
  readonly type: string;
  readonly amount: bigint;
  readonly balanceBefore: bigint;
  readonly balanceAfter: bigint;
  /** Canonical JSON of an object. */
  readonly metadataJson: string;
  /** ISO 8601 UTC in milliseconds, as the API returns it. */
  readonly timestamp: string;
  /** Lower-case hex, or {@link GENESIS}. */
  readonly previousChecksum: string;
}

/** What an entry says by itself. */
type EntryFields = Omit<ChainedEntryFields, 'balanceBefore' | 'previousChecksum'>;

/**
 * The text under the checksum: compact JSON with exactly these members in this order. It equals
 * `JSON.stringify` of the API's members in the same order, so whoever holds the API's JSON can recompute it.
 * Ids, types and checksums hold no character that JSON escapes, so they are written as they are.
 */
export function checksumText(entry: ChainedEntryFields): string {
  return textAfter(entry, entry.balanceBefore, entry.previousChecksum);
}

/** Lower-case hex SHA-256 over the UTF-8 bytes of {@link checksumText}. */
export function checksumOf(entry: ChainedEntryFields): string {
  return hash('sha256', checksumText(entry), 'hex');
}

/** The checksum of an entry that follows on `end`: the balance and checksum of the one before it. */
export function checksumAfter(
  entry: EntryFields,
  end: { readonly balance: bigint; readonly checksum: string },
): string {
  return hash('sha256', textAfter(entry, end.balance, end.checksum), 'hex');
}

/** Members one by one: copying an entry to add two would take longer than hashing it. */
function textAfter(entry: EntryFields, balanceBefore: bigint, previousChecksum: string): string {
  return (
    `{"entryId":"${entry.entryId}","transactionId":"${entry.transactionId}","accountId":"${entry.accountId}"` +
    `,"type":"${entry.type}","amount":${entry.amount},"balanceBefore":${balanceBefore}` +
    `,"balanceAfter":${entry.balanceAfter},"metadata":${entry.metadataJson},"timestamp":"${entry.timestamp}"` +
    `,"previousChecksum":"${previousChecksum}"}`
  );
}
