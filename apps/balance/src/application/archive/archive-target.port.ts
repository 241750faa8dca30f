import type { FactKey } from '@steelyard/domain/posting';
import type { ArchiveRow, ArchiveTable } from './archive-tables.js';
import type { ArchivedFact, ArchivedHead, ArchiveHeader } from './archive.types.js';

/** Where an account's own row says that its chain ends. */
export interface AccountEnd {
  readonly accountId: string;
  readonly sequence: bigint;
  /** Minor units. */
  readonly balance: bigint;
  /** Lower-case hex; GENESIS before the first entry. */
  readonly checksum: string;
}

/** A row or fact, and the line that it came from. */
export interface Placed<Value> {
  readonly line: number;
  readonly value: Value;
}

/** Something that does not agree with something else, found when all rows were there. */
export type StoredFault =
  | { readonly kind: 'fact'; readonly key: FactKey; readonly reason: string }
  | {
      readonly kind: 'row';
      readonly table: ArchiveTable;
      /** Place among the table's rows in key order, from 1. */
      readonly place: number;
      readonly reason: string;
    };

/** A deployment that takes an archive: all of it or, when it is given up, nothing. */
export abstract class ArchiveTarget {
  /**
   * Creates the deployment if it is not there, and keeps everyone else from writing to it.
   * @throws ImportRefusedError when it holds anything, or was set up with other choices.
   */
  abstract open(header: ArchiveHeader): Promise<void>;

  /** @throws ImportRefusedError when the database does not take a row. */
  abstract insertRows(table: ArchiveTable, rows: readonly Placed<ArchiveRow>[]): Promise<void>;
  abstract insertFacts(facts: readonly Placed<ArchivedFact>[]): Promise<void>;

  /** The ends of a bucket's accounts in key order, in pages, as they were inserted. */
  abstract accountEnds(bucket: number): AsyncIterable<readonly AccountEnd[]>;

  /** What does not agree between rows: transactions, their parts, holds and what points to facts. */
  abstract findFault(heads: readonly ArchivedHead[]): Promise<StoredFault | undefined>;

  /** Moves the heads and makes everything visible. */
  abstract commit(heads: readonly ArchivedHead[]): Promise<void>;
}
