import type { NodePlace } from '@steelyard/domain/merkle';

/** A seal as it is stored. Its number is the size of the log with it. */
export interface StoredSeal {
  readonly seal: bigint;
  readonly sealedAtMs: number;
  /** In this seal. */
  readonly facts: bigint;
  readonly entries: bigint;
  /** In this seal and all before it. */
  readonly totalFacts: bigint;
  readonly totalEntries: bigint;
  /** The text under the leaf of the log. */
  readonly leaf: string;
  readonly leafHash: Uint8Array;
  /** Of the log with this seal. */
  readonly rootHash: Uint8Array;
  /** The signed checkpoint. */
  readonly note: string;
}

/** What one seal says of one bucket. */
export interface StoredSealBucket {
  readonly bucket: number;
  readonly seal: bigint;
  /** The facts after this one. */
  readonly after: bigint;
  /** Through that one. */
  readonly through: bigint;
  readonly facts: bigint;
  readonly entries: bigint;
  readonly rootHash: Uint8Array;
  /** The text under the leaf of the tree of buckets. */
  readonly leaf: string;
}

/** Where an entry is stored. */
export interface EntryPlace {
  readonly bucket: number;
  readonly factSequence: bigint;
  readonly accountId: string;
  readonly sequence: bigint;
  readonly committedAtMs: number;
}

/** How far a bucket is, and how far it is sealed. */
export interface SealPosition {
  readonly bucket: number;
  /** The last committed fact. */
  readonly head: bigint;
  /** The last sealed fact; 0: none. */
  readonly sealed: bigint;
}

export interface StoredSigningKey {
  readonly name: string;
  readonly verifierKey: string;
  readonly publicKeyPem: string;
  readonly firstTreeSize: bigint;
  readonly lastTreeSize: bigint;
}

/** What was sealed so far. */
export abstract class SealReads {
  /** The log's name in checkpoints; undefined before the first seal was tried. */
  abstract origin(): Promise<string | undefined>;
  abstract latest(): Promise<StoredSeal | undefined>;
  abstract find(seal: bigint): Promise<StoredSeal | undefined>;
  /** Newest first, those before `before`. */
  abstract listBefore(before: bigint, limit: number): Promise<readonly StoredSeal[]>;
  /** In bucket order, which is the order of the leaves. */
  abstract bucketsOf(seal: bigint): Promise<readonly StoredSealBucket[]>;
  /** The part of a seal that a fact lies in; undefined while it is not sealed. */
  abstract sealOfFact(bucket: number, factSequence: bigint): Promise<StoredSealBucket | undefined>;
  /** Where the bucket's seal before this one ended; 0 when there was none. */
  abstract throughBefore(bucket: number, seal: bigint): Promise<bigint>;
  /** Checksum of a record of the bucket's audit trail, lower-case hex; undefined when there is none. */
  abstract auditChecksum(bucket: number, sequence: bigint): Promise<string | undefined>;
  /** The first bytes of every leaf hash of a bucket's tree, in order. */
  abstract leafMarks(bucket: number, seal: bigint): Promise<Uint8Array>;
  /** Hashes of stored nodes of the log in the order asked; undefined where one is missing. */
  abstract nodes(places: readonly NodePlace[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Every bucket's position. */
  abstract positions(): Promise<readonly SealPosition[]>;
  abstract signingKeys(): Promise<readonly StoredSigningKey[]>;
  /** Where the entry at this place of the transaction at home in (bucket, sequence) is stored. */
  abstract findEntry(
    home: { readonly bucket: number; readonly sequence: bigint },
    ordinal: number,
  ): Promise<EntryPlace | undefined>;
}
