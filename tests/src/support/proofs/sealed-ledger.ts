import { canonicalJson, checksumOf, GENESIS, type JsonObject } from '@steelyard/domain/ledger-chain';
import {
  appendLeaf,
  consistencyPlan,
  hashesOf,
  inclusionPlan,
  leafHash,
  pathInList,
  rootFromPeaks,
  rootOf,
  toHex,
  type LogFrontier,
  type NodePlace,
} from '@steelyard/domain/merkle';
import { entryIdOf, transactionIdOf } from '@steelyard/domain/posting';
import {
  bucketLeafText,
  checkpointText,
  entryLeafText,
  factLeafText,
  sealLeafText,
  type FactPosition,
} from '@steelyard/domain/sealing';
import { signNote, type SigningKey } from '@steelyard/platform/signing';

/** A fact to be written; a transaction over two buckets is written as one in each. */
export interface NewFact {
  readonly bucket: number;
  readonly kind: string;
  readonly atMs: number;
  readonly idempotencyKey?: string;
  readonly data?: JsonObject;
  /** Of a part in another bucket than its home. */
  readonly home?: FactPosition;
  readonly legs?: readonly FactPosition[];
  /** Ordinal of the first entry; 1 unless it is a part. */
  readonly firstOrdinal?: number;
  readonly movements?: readonly { readonly accountId: string; readonly amount: number }[];
}

interface Bucket {
  sequence: bigint;
  sealedThrough: bigint;
  entries: bigint;
  readonly leaves: string[];
}

/** Of all accounts. */
const CURRENCY = 'CZK';

interface Chain {
  balance: bigint;
  checksum: string;
  readonly entries: JsonObject[];
}

interface SealedBucket {
  readonly bucket: number;
  readonly leaves: readonly string[];
  readonly text: string;
}

interface Seal {
  readonly sealedAt: string;
  readonly text: string;
  readonly buckets: readonly SealedBucket[];
  readonly checkpoint: JsonObject;
}

/**
 * A ledger in memory that seals like the platform, written from the documentation: what it hands out are the
 * documents that the platform hands out.
 */
export class SealedLedger {
  readonly #buckets = new Map<number, Bucket>();
  readonly #chains = new Map<string, Chain>();
  readonly #seals: Seal[] = [];
  readonly #nodes = new Map<string, Uint8Array>();
  #log: LogFrontier = { size: 0n, peaks: [] };

  constructor(private readonly origin: string) {}

  /** Writes a fact with its entries; returns where it is. */
  post(fact: NewFact): FactPosition {
    const bucket = this.#bucket(fact.bucket);
    bucket.sequence += 1n;
    const position = { bucket: fact.bucket, sequence: bucket.sequence };
    const home = fact.home ?? position;
    const dataJson = canonicalJson(fact.data ?? {});
    bucket.leaves.push(
      factLeafText({
        ...position,
        kind: fact.kind,
        committedAt: new Date(fact.atMs).toISOString(),
        idempotencyKey: fact.idempotencyKey ?? null,
        home: fact.home ?? null,
        legs: fact.legs ?? [],
        dataJson,
      }),
    );
    (fact.movements ?? []).forEach(({ accountId, amount }, i) => {
      const ordinal = (fact.firstOrdinal ?? 1) + i;
      const checksum = this.#append(accountId, {
        entryId: entryIdOf(home, fact.atMs, ordinal),
        transactionId: transactionIdOf(home, fact.atMs),
        type: fact.kind,
        amount: BigInt(amount),
        metadataJson: dataJson,
        timestamp: new Date(fact.atMs).toISOString(),
      });
      bucket.leaves.push(this.#leafOf(accountId, checksum));
      bucket.entries += 1n;
    });
    return position;
  }

  /** Where the next fact of a bucket will be. */
  nextIn(bucket: number): FactPosition {
    return { bucket, sequence: this.#bucket(bucket).sequence + 1n };
  }

  /** Seals what is new in every bucket. */
  seal(
    sealedAtMs: number,
    keys: readonly SigningKey[],
    audit?: { sequence: bigint; checksum: string },
  ): void {
    const sealedAt = new Date(sealedAtMs).toISOString();
    let [facts, entries] = [0n, 0n];
    const buckets: SealedBucket[] = [];
    for (const [number, bucket] of [...this.#buckets].sort(([left], [right]) => left - right)) {
      if (bucket.sequence === bucket.sealedThrough) continue;
      const leaves = bucket.leaves.splice(0);
      const counts = { facts: bucket.sequence - bucket.sealedThrough, entries: bucket.entries };
      const text = bucketLeafText({
        bucket: number,
        after: bucket.sealedThrough,
        through: bucket.sequence,
        ...counts,
        root: toHex(rootOf(leaves.map(leafHash))),
        auditSequence: audit?.sequence ?? 0n,
        auditChecksum: audit?.checksum ?? GENESIS,
      });
      buckets.push({ bucket: number, leaves, text });
      [facts, entries] = [facts + counts.facts, entries + counts.entries];
      [bucket.sealedThrough, bucket.entries] = [bucket.sequence, 0n];
    }
    const last = this.#seals.at(-1);
    const text = sealLeafText({
      seal: BigInt(this.#seals.length + 1),
      sealedAt,
      buckets: BigInt(buckets.length),
      facts,
      entries,
      previous: last === undefined ? GENESIS : toHex(leafHash(last.text)),
      root: toHex(rootOf(buckets.map((bucket) => leafHash(bucket.text)))),
    });
    const { nodes, log } = appendLeaf(this.#log, leafHash(text));
    for (const { level, index, hash } of nodes) this.#nodes.set(`${level}/${index}`, hash);
    this.#log = log;
    const rootHash = toHex(rootFromPeaks(log.peaks));
    const note = signNote(
      checkpointText({ origin: this.origin, treeSize: log.size, rootHash, sealedAt }),
      keys,
    );
    const checkpoint = { treeSize: Number(log.size), sealedAt, rootHash, note };
    this.#seals.push({ sealedAt, text, buckets, checkpoint });
  }

  checkpoint(treeSize: number): JsonObject {
    return this.#sealAt(treeSize).checkpoint;
  }

  /** The entry's proof as the API returns it. */
  entryProof(entryId: string, treeSize: number): JsonObject {
    const entry = [...this.#chains.values()]
      .flatMap((chain) => chain.entries)
      .find((one) => one['entryId'] === entryId);
    if (entry === undefined) throw new Error(`there is no entry ${entryId}`);
    return { format: 'steelyard.entry-proof.1', entry, proof: this.#proof(entry, treeSize) };
  }

  /** The statement as the API returns it, proved by the last of its entries that is under the checkpoint. */
  statement(accountId: string, period: { from: string; to: string }, treeSize: number): JsonObject {
    const chain = this.entriesOf(accountId);
    const before = chain.filter((entry) => textOf(entry, 'timestamp') < period.from);
    const through = chain.filter((entry) => textOf(entry, 'timestamp') < period.to);
    const entries = through.slice(before.length);
    const proven = entries.findLast((entry) => this.#placeOf(entry, treeSize) !== undefined);
    return {
      format: 'steelyard.statement.1',
      accountId,
      currency: CURRENCY,
      ...period,
      opening: endOf(before),
      closing: endOf(through),
      entries,
      provenEntryId: proven?.['entryId'] ?? null,
      proof: proven === undefined ? null : this.#proof(proven, treeSize),
    };
  }

  consistency(from: number, to: number): JsonObject {
    const plan = consistencyPlan(BigInt(from), BigInt(to));
    const hashes = hashesOf(plan, (place) => this.#hashAt(place)).map(toHex);
    return {
      format: 'steelyard.consistency.1',
      from: this.checkpoint(from),
      to: this.checkpoint(to),
      hashes,
    };
  }

  /** Oldest first. */
  entriesOf(accountId: string): readonly JsonObject[] {
    return this.#chains.get(accountId)?.entries ?? [];
  }

  #proof(entry: JsonObject, treeSize: number): JsonObject {
    const place = this.#placeOf(entry, treeSize);
    if (place === undefined) throw new Error('the entry is not sealed');
    const { seal, bucketIndex, leafIndex } = place;
    const { buckets, text } = this.#sealAt(seal);
    const bucket = buckets[bucketIndex];
    if (bucket === undefined) throw new Error('a place is in its seal');
    const plan = inclusionPlan(BigInt(seal - 1), BigInt(treeSize));
    return {
      entryLeaf: bucket.leaves[leafIndex] ?? '',
      inBucket: pathOf(bucket.leaves, leafIndex),
      bucketLeaf: bucket.text,
      inSeal: pathOf(
        buckets.map((one) => one.text),
        bucketIndex,
      ),
      sealLeaf: text,
      inLog: {
        leafIndex: seal - 1,
        treeSize,
        hashes: hashesOf(plan, (node) => this.#hashAt(node)).map(toHex),
      },
      checkpoint: this.checkpoint(treeSize),
    };
  }

  #placeOf(
    entry: JsonObject,
    treeSize: number,
  ): { seal: number; bucketIndex: number; leafIndex: number } | undefined {
    const leaf = this.#leafOf(textOf(entry, 'accountId'), textOf(entry, 'checksum'));
    for (let seal = 1; seal <= treeSize; seal++) {
      const { buckets } = this.#sealAt(seal);
      const bucketIndex = buckets.findIndex(({ leaves }) => leaves.includes(leaf));
      if (bucketIndex >= 0)
        return { seal, bucketIndex, leafIndex: buckets[bucketIndex]?.leaves.indexOf(leaf) ?? -1 };
    }
    return undefined;
  }

  /** Of an entry of an account. */
  #leafOf(accountId: string, checksum: string): string {
    const index = this.entriesOf(accountId).findIndex((entry) => entry['checksum'] === checksum);
    return entryLeafText({ checksum, sequence: BigInt(index + 1), currency: CURRENCY });
  }

  #append(
    accountId: string,
    fields: {
      entryId: string;
      transactionId: string;
      type: string;
      amount: bigint;
      metadataJson: string;
      timestamp: string;
    },
  ): string {
    const chain = this.#chains.get(accountId) ?? { balance: 0n, checksum: GENESIS, entries: [] };
    this.#chains.set(accountId, chain);
    const balanceBefore = chain.balance;
    const balanceAfter = balanceBefore + fields.amount;
    const previousChecksum = chain.checksum;
    const checksum = checksumOf({ ...fields, accountId, balanceBefore, balanceAfter, previousChecksum });
    chain.entries.push({
      entryId: fields.entryId,
      transactionId: fields.transactionId,
      accountId,
      type: fields.type,
      amount: Number(fields.amount),
      balanceBefore: Number(balanceBefore),
      balanceAfter: Number(balanceAfter),
      metadata: JSON.parse(fields.metadataJson) as JsonObject,
      timestamp: fields.timestamp,
      previousChecksum,
      checksum,
    });
    [chain.balance, chain.checksum] = [balanceAfter, checksum];
    return checksum;
  }

  #bucket(number: number): Bucket {
    const bucket = this.#buckets.get(number) ?? { sequence: 0n, sealedThrough: 0n, entries: 0n, leaves: [] };
    this.#buckets.set(number, bucket);
    return bucket;
  }

  #sealAt(size: number): Seal {
    const seal = this.#seals[size - 1];
    if (seal === undefined) throw new Error(`there is no seal ${size}`);
    return seal;
  }

  #hashAt({ level, index }: NodePlace): Uint8Array {
    const hash = this.#nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`the node ${level}/${index} is not complete`);
    return hash;
  }
}

/** A member that is a text. */
export function textOf(object: JsonObject | undefined, name: string): string {
  const value = object?.[name];
  if (typeof value !== 'string') throw new Error(`there is no text ${name}`);
  return value;
}

function pathOf(texts: readonly string[], leafIndex: number): JsonObject {
  const hashes = pathInList(texts.map(leafHash), leafIndex).map(toHex);
  return { leafIndex, treeSize: texts.length, hashes };
}

function endOf(entries: readonly JsonObject[]): JsonObject {
  const last = entries.at(-1);
  return {
    balance: last?.['balanceAfter'] ?? 0,
    sequence: entries.length,
    checksum: last?.['checksum'] ?? GENESIS,
  };
}
