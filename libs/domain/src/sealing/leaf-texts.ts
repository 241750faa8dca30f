import { GENESIS, isJsonObject } from '../ledger-chain/index.js';
import { isHashText, isPreviousHash, isTime, readJson, wholeNumber } from './forms.js';

// The texts of different kinds of leaves begin with different members, so that none can pass for another.

/** Where another part of a transaction lies. */
export interface FactPosition {
  readonly bucket: number;
  readonly sequence: bigint;
}

/** All that is stored of a fact. */
export interface FactLeaf extends FactPosition {
  readonly kind: string;
  /** ISO 8601 UTC in milliseconds. */
  readonly committedAt: string;
  readonly idempotencyKey: string | null;
  /** Null on the home itself. */
  readonly home: FactPosition | null;
  /** In the order in which they are stored. */
  readonly legs: readonly FactPosition[];
  /** Canonical JSON of an object. */
  readonly dataJson: string;
}

/** What is sealed of an entry: its checksum covers what its chain covers, and these stand beside it. */
export interface EntryLeaf {
  /** Lower-case hex. */
  readonly checksum: string;
  /** In the chain of its account, from 1. */
  readonly sequence: bigint;
  /** Of its account. */
  readonly currency: string;
}

/** What a seal took of one bucket: the facts after `after` through `through`, and their entries. */
export interface BucketLeaf {
  readonly bucket: number;
  readonly after: bigint;
  readonly through: bigint;
  readonly facts: bigint;
  readonly entries: bigint;
  /** Of the bucket's tree, lower-case hex. */
  readonly root: string;
  /** The end of the bucket's audit trail at that time: 0 and GENESIS before its first record. */
  readonly auditSequence: bigint;
  readonly auditChecksum: string;
}

/** One seal. Seal n is leaf n - 1 of the log. */
export interface SealLeaf {
  /** From 1. */
  readonly seal: bigint;
  /** ISO 8601 UTC in milliseconds. */
  readonly sealedAt: string;
  /** Leaves of the seal's tree. */
  readonly buckets: bigint;
  /** Of this seal, over all of its buckets. */
  readonly facts: bigint;
  readonly entries: bigint;
  /** Leaf hash of the previous seal, lower-case hex; GENESIS for the first. */
  readonly previous: string;
  /** Of the tree over the seal's buckets, lower-case hex. */
  readonly root: string;
}

/** Under the leaf of a fact, in the tree of its bucket. */
export function factLeafText(fact: FactLeaf): string {
  const { kind, committedAt, idempotencyKey, home } = fact;
  return (
    `{"fact":{"bucket":${fact.bucket},"sequence":${fact.sequence},"kind":${JSON.stringify(kind)}` +
    `,"committedAt":"${committedAt}","idempotencyKey":${JSON.stringify(idempotencyKey)}` +
    `,"home":${home === null ? 'null' : positionText(home)},"legs":[${fact.legs.map(positionText).join(',')}]` +
    `,"data":${fact.dataJson}}}`
  );
}

/** Under the leaf of an entry, in the tree of its bucket. */
export function entryLeafText({ checksum, sequence, currency }: EntryLeaf): string {
  return `{"entry":"${checksum}","sequence":${sequence},"currency":${JSON.stringify(currency)}}`;
}

/** Under the leaf of a bucket, in the tree of a seal. */
export function bucketLeafText(leaf: BucketLeaf): string {
  return (
    `{"bucket":${leaf.bucket},"after":${leaf.after},"through":${leaf.through},"facts":${leaf.facts}` +
    `,"entries":${leaf.entries},"root":"${leaf.root}","auditSequence":${leaf.auditSequence}` +
    `,"auditChecksum":"${leaf.auditChecksum}"}`
  );
}

/** Under the leaf of a seal, in the log. */
export function sealLeafText(leaf: SealLeaf): string {
  return (
    `{"seal":${leaf.seal},"sealedAt":"${leaf.sealedAt}","buckets":${leaf.buckets},"facts":${leaf.facts}` +
    `,"entries":${leaf.entries},"previous":"${leaf.previous}","root":"${leaf.root}"}`
  );
}

/** Reads what {@link entryLeafText} wrote; undefined for every other text. */
export function parseEntryLeaf(text: string): EntryLeaf | undefined {
  const value = readJson(text);
  if (!isJsonObject(value)) return undefined;
  const { entry: checksum, currency } = value;
  const sequence = wholeNumber(value['sequence']);
  if (!isHashText(checksum) || sequence === undefined || sequence < 1n) return undefined;
  if (typeof currency !== 'string') return undefined;
  const leaf = { checksum, sequence, currency };
  return entryLeafText(leaf) === text ? leaf : undefined;
}

/** Reads what {@link bucketLeafText} wrote; undefined for every other text, and when its numbers disagree. */
export function parseBucketLeaf(text: string): BucketLeaf | undefined {
  const value = readJson(text);
  if (!isJsonObject(value)) return undefined;
  const { bucket, root, auditChecksum } = value;
  const numbers = [
    value['after'],
    value['through'],
    value['facts'],
    value['entries'],
    value['auditSequence'],
  ];
  const [after, through, facts, entries, auditSequence] = numbers.map(wholeNumber);
  if (typeof bucket !== 'number' || wholeNumber(bucket) === undefined) return undefined;
  if (after === undefined || through === undefined || facts === undefined || entries === undefined) {
    return undefined;
  }
  if (!isHashText(root) || auditSequence === undefined || !isPreviousHash(auditChecksum)) return undefined;
  if (facts < 1n || after + facts !== through) return undefined;
  if ((auditSequence === 0n) !== (auditChecksum === GENESIS)) return undefined;
  const leaf = { bucket, after, through, facts, entries, root, auditSequence, auditChecksum };
  // Written again it must be the same text: no white space, no other order, no further members.
  return bucketLeafText(leaf) === text ? leaf : undefined;
}

/** Reads what {@link sealLeafText} wrote; undefined for every other text. */
export function parseSealLeaf(text: string): SealLeaf | undefined {
  const value = readJson(text);
  if (!isJsonObject(value)) return undefined;
  const { sealedAt, previous, root } = value;
  const numbers = [value['seal'], value['buckets'], value['facts'], value['entries']];
  const [seal, buckets, facts, entries] = numbers.map(wholeNumber);
  if (seal === undefined || buckets === undefined || facts === undefined || entries === undefined) {
    return undefined;
  }
  if (seal < 1n || buckets < 1n || facts < buckets) return undefined;
  if (!isTime(sealedAt) || !isPreviousHash(previous) || !isHashText(root)) return undefined;
  if ((seal === 1n) !== (previous === GENESIS)) return undefined;
  const leaf = { seal, sealedAt, buckets, facts, entries, previous, root };
  return sealLeafText(leaf) === text ? leaf : undefined;
}

function positionText({ bucket, sequence }: FactPosition): string {
  return `{"bucket":${bucket},"sequence":${sequence}}`;
}
