import type { factsV1 } from '@steelyard/contracts/grpc';
import type { ClientBase } from 'pg';

/** One committed event of a bucket; see the contract. */
export type Fact = factsV1.Fact;

/** The transaction in which facts take effect: whatever is written in it is written exactly once. */
export type FactTransaction = Pick<ClientBase, 'query'>;

/** What one service derives from committed facts. */
export interface FactHandler {
  /** In logs and metrics. */
  readonly name: string;
  /**
   * Applies facts of one bucket: in order, none twice, none left out, all in the transaction that also moves the
   * bucket's position. What it throws undoes them all; they come again.
   */
  apply(transaction: FactTransaction, facts: readonly Fact[]): Promise<void>;
}
