import type { factsV1 } from '@steelyard/contracts/grpc';
import type { ClientBase } from 'pg';

/** One committed event of a bucket; see the contract. */
export type Fact = factsV1.Fact;

/** The transaction in which facts take effect: whatever is written in it is written exactly once. */
export type FactTransaction = Pick<ClientBase, 'query'>;

/** Does something once the transaction is committed, and not at all when it is not: log lines, counters. */
export type AfterCommit = (work: () => void) => void;

/** What one service derives from committed facts. */
export interface FactHandler {
  /** In logs and metrics, and with the dead letters: it stays the same over releases. */
  readonly name: string;
  /**
   * Whether {@link apply} takes facts of several buckets in one call, which saves statements. Default: it is called once
   * for each bucket.
   */
  readonly takesManyBuckets?: boolean;
  /**
   * Applies facts: those of a bucket in order, none twice, none left out, all in the transaction that also moves the
   * bucket's position. What it throws undoes them all; they come again. A fact that it throws on again and again
   * becomes a dead letter of this handler, is stepped over, and may come once more much later, out of order.
   */
  apply(transaction: FactTransaction, facts: readonly Fact[], afterCommit: AfterCommit): Promise<void>;
}
