import type { FactKey } from '@steelyard/domain/posting';
import type { EntryLeaf, FactLeaf } from '@steelyard/domain/sealing';

/** An entry of a fact, as far as its leaf and its name need it. */
export interface LeafEntry extends EntryLeaf {
  readonly accountId: string;
  /** Place in the transaction; with its home it makes the entry's id. */
  readonly ordinal: number;
}

/** A stored fact with the entries of its bucket in the order of their ordinals: the order of the leaves. */
export interface LeafFact {
  readonly fact: FactLeaf;
  /** False: of a kind that this version does not know; its name is then a number. */
  readonly isKnown: boolean;
  /** Where its transaction is at home. */
  readonly home: FactKey;
  readonly committedAtMs: number;
  readonly entries: readonly LeafEntry[];
}

/** The facts of a bucket after one sequence through another. */
export interface FactRange {
  readonly bucket: number;
  readonly after: bigint;
  readonly through: bigint;
}

export abstract class LeafReads {
  /** What is stored in the range, in sequence order; the caller keeps it short. */
  abstract read(range: FactRange): Promise<readonly LeafFact[]>;
}
