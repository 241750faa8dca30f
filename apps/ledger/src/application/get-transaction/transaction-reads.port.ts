import type { FactKey } from '@steelyard/domain/posting';

/** A committed movement of value. Amounts are minor units. */
export interface LedgerTransaction {
  readonly transactionId: string;
  readonly type: string;
  readonly status: 'COMPLETED';
  /** What the first entry moved, without its sign. */
  readonly amount: bigint;
  readonly currency: string;
  /** In the order of their ordinals. */
  readonly entries: TransactionEntry[];
  readonly idempotencyKey: string;
  readonly metadataJson: string;
  readonly committedAtMs: bigint;
}

export interface TransactionEntry {
  readonly entryId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly balanceBefore: bigint;
  readonly balanceAfter: bigint;
  readonly sequence: bigint;
}

export abstract class TransactionReads {
  /** The transactions at these home keys, in their order; undefined where there is none. */
  abstract findTransactions(homes: readonly FactKey[]): Promise<readonly (LedgerTransaction | undefined)[]>;
}
