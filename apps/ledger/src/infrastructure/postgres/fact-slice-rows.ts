import { factKind, TransactionIds, type FactKey } from '@steelyard/domain/posting';
import type { SliceEntry, SliceFact } from '../../application/verification/fact-reads.port.js';
import { Timestamps } from './timestamps.js';

/** A row of READ_SLICE_FACTS, as the texts that the server sent. */
export type SliceFactRow = readonly [
  sequence: string,
  kind: string,
  committedAtMs: string,
  homeBucket: string | null,
  homeSequence: string | null,
  legBuckets: string | null,
  legSequences: string | null,
  data: string,
];

/** A row of READ_SLICE_ENTRIES, as the texts that the server sent. */
export type SliceEntryRow = readonly [
  accountId: string,
  sequence: string,
  amount: string,
  balanceAfter: string,
  factSequence: string,
  ordinal: string,
  hashVersion: string,
  checksum: string,
];

/** A row of READ_LEG_SUMS, as the texts that the server sent. */
export type LegSumRow = readonly [place: string, currency: string, entries: string, amount: string];

/** A fact, and what its entries have in common: worked out once, however many they are. */
export interface DecodedFact extends SliceFact {
  readonly kind: string;
  readonly type: string | undefined;
  readonly ids: TransactionIds;
  readonly timestamp: string;
  readonly metadataJson: string;
}

const NO_LEGS: readonly FactKey[] = [];
const timestamps = new Timestamps();

/** Facts of a higher kind than `transactionKindMax` move nothing. */
export function decodedFactOf(bucket: number, row: SliceFactRow, transactionKindMax: number): DecodedFact {
  const [sequenceText, kind, committedAtMs, homeBucket, homeSequence, legBuckets, legSequences, data] = row;
  const sequence = BigInt(sequenceText);
  const isHome = homeBucket === null || homeSequence === null;
  const home = isHome ? { bucket, sequence } : { bucket: Number(homeBucket), sequence: BigInt(homeSequence) };
  const atMs = Number(committedAtMs);
  const kindNumber = Number(kind);
  const ids = new TransactionIds(home, atMs);
  return {
    bucket,
    sequence,
    isTransaction: kindNumber <= transactionKindMax,
    legs: isHome ? legsOf(legBuckets, legSequences) : undefined,
    transactionId: ids.transactionId,
    kind,
    type: factKind(kindNumber),
    ids,
    timestamp: timestamps.textOf(atMs),
    metadataJson: data,
  };
}

/** The entry to be proved; `fact` is the one at `place` of the slice, which the entry names. */
export function sliceEntryOf(row: SliceEntryRow, place: number, fact: DecodedFact | undefined): SliceEntry {
  const [accountId, sequence, amount, balanceAfter, factSequence, ordinal, hashVersion, checksum] = row;
  if (fact?.type === undefined) {
    const what = fact === undefined ? 'of the entry is missing' : `is of the unknown kind ${fact.kind}`;
    const unprovable = `the fact ${factSequence} ${what}`;
    return { accountId, sequence: BigInt(sequence), unprovable, place, amount: BigInt(amount) };
  }
  return {
    entryId: fact.ids.entryId(Number(ordinal)),
    transactionId: fact.transactionId,
    accountId,
    type: fact.type,
    amount: BigInt(amount),
    balanceAfter: BigInt(balanceAfter),
    metadataJson: fact.metadataJson,
    timestamp: fact.timestamp,
    sequence: BigInt(sequence),
    hashVersion: Number(hashVersion),
    checksum,
    place,
  };
}

/** From the texts of two arrays of numbers: {1,2}. Of different lengths, the shorter one counts. */
function legsOf(buckets: string | null, sequences: string | null): readonly FactKey[] {
  if (buckets === null || sequences === null) return NO_LEGS;
  const sequenceTexts = membersOf(sequences);
  return membersOf(buckets).flatMap((bucket, index) => {
    const sequence = sequenceTexts[index];
    return sequence === undefined ? [] : [{ bucket: Number(bucket), sequence: BigInt(sequence) }];
  });
}

function membersOf(array: string): readonly string[] {
  const inside = array.slice(1, -1);
  return inside === '' ? [] : inside.split(',');
}
