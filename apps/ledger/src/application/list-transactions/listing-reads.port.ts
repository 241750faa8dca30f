import type { FactKey, TransactionType } from '@steelyard/domain/posting';
import type { ChainWindow } from '../paging/chain-windows.js';
import type { PagePosition } from '../paging/page-cursor.js';

/** An entry of the asked account, and the transaction that it belongs to. */
export interface ListedTransaction {
  readonly position: PagePosition;
  readonly home: FactKey;
}

export interface ListingPage {
  readonly windows: readonly ChainWindow[];
  readonly type: TransactionType | undefined;
  readonly limit: number;
  readonly offset: number;
}

export abstract class ListingReads {
  /** The newest transactions of the windows, merged: commit time, bucket, sequence, all descending. */
  abstract newestTransactions(accountId: string, page: ListingPage): Promise<readonly ListedTransaction[]>;

  /** Counts one type's entries in the windows by reading them. */
  abstract countOfType(
    accountId: string,
    filter: { readonly windows: readonly ChainWindow[]; readonly type: TransactionType },
  ): Promise<bigint>;
}
