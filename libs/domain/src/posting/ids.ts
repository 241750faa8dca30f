/**
 * Ids of transactions and entries. They are UUIDv7 (RFC 9562), and where other systems put random bits ours say
 * where the row is: rand_a holds the bucket, rand_b the bucket's sequence (54 bits) and the entry's ordinal
 * within its transaction (8 bits, 0 for the transaction itself). So an id needs no column and no index, it is
 * unique because (bucket, sequence) is, and the core that assigns it needs no source of randomness.
 */

/** Where a fact is: its bucket, and its sequence there. */
export interface FactKey {
  readonly bucket: number;
  readonly sequence: bigint;
}

/** At most this many entries in one transaction: the ordinal has 8 bits and 0 is taken. */
export const ENTRIES_PER_TRANSACTION_MAX = 255;

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const SEQUENCE_MASK = (1n << 54n) - 1n;
const VARIANT_BITS = 0b10n << 54n;

/** Ids of one transaction and its entries, for whoever needs several of them. */
export class TransactionIds {
  readonly transactionId: string;
  readonly #prefix: string;

  constructor(key: FactKey, committedAtMs: number) {
    this.#prefix = idPrefixOf(key, committedAtMs);
    this.transactionId = `${this.#prefix}00`;
  }

  /** See {@link entryIdOf}. */
  entryId(ordinal: number): string {
    return this.#prefix + (ordinal < 16 ? '0' : '') + ordinal.toString(16);
  }
}

/** The id of the transaction at `key`, committed at `committedAtMs` since 1970-01-01 UTC. */
export function transactionIdOf(key: FactKey, committedAtMs: number): string {
  return new TransactionIds(key, committedAtMs).transactionId;
}

/** The id of one entry; `ordinal` counts from 1 in the order of the transaction's entries. */
export function entryIdOf(key: FactKey, committedAtMs: number, ordinal: number): string {
  return new TransactionIds(key, committedAtMs).entryId(ordinal);
}

/** What the ids of a transaction and its entries share: all but the two last digits, the ordinal. */
function idPrefixOf(key: FactKey, committedAtMs: number): string {
  const time = committedAtMs.toString(16).padStart(12, '0');
  const bucket = key.bucket.toString(16).padStart(3, '0');
  const low = (VARIANT_BITS | key.sequence).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bucket}-${low.slice(0, 4)}-${low.slice(4)}`;
}

/** Where the transaction or entry with this id would be, or undefined when it is no such id. */
export function parseId(id: string): (FactKey & { committedAtMs: number; ordinal: number }) | undefined {
  const text = id.toLowerCase();
  if (!UUID_PATTERN.test(text)) return undefined;
  const hex = text.replaceAll('-', '');
  return {
    committedAtMs: Number.parseInt(hex.slice(0, 12), 16),
    bucket: Number.parseInt(hex.slice(13, 16), 16),
    sequence: BigInt(`0x${hex.slice(16, 30)}`) & SEQUENCE_MASK,
    ordinal: Number.parseInt(hex.slice(30), 16),
  };
}
