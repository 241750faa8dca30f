import type { moneyV1 } from '@steelyard/contracts/grpc';
import { ACCESS, type AccountAccess, type Caller, isSelfCaller } from '@steelyard/rest/access';
import type { LedgerPort } from '@steelyard/rest/ledger';
import { isRefused, refused, type Refused } from '@steelyard/rest/refusals';

/** A transaction and the accounts of it that the caller may see whole; undefined: all. */
export interface TransactionRead {
  readonly kind: 'read';
  readonly transaction: moneyV1.Transaction;
  readonly visibleAccountIds: ReadonlySet<string> | undefined;
}

/** Reads one transaction. */
export class ReadTransactionHandler {
  constructor(
    private readonly ledger: LedgerPort,
    private readonly access: AccountAccess,
  ) {}

  /** One transaction. A caller without a role must own one of its accounts, and cannot tell why it may not. */
  async execute(caller: Caller, transactionId: string): Promise<TransactionRead | Refused> {
    const denied = this.access.enter(ACCESS.readTransaction, caller);
    if (denied) return denied;
    const transaction = await this.ledger.getTransaction(transactionId);
    if (!isSelfCaller(caller)) {
      return isRefused(transaction)
        ? transaction
        : { kind: 'read', transaction, visibleAccountIds: undefined };
    }
    const forbidden = refused('FORBIDDEN', 'You may not do this');
    if (isRefused(transaction)) return transaction.code === 'TRANSACTION_NOT_FOUND' ? forbidden : transaction;
    const visibleAccountIds = new Set<string>();
    for (const { accountId } of transaction.entries) {
      if (await this.access.owns(caller, accountId)) visibleAccountIds.add(accountId);
    }
    return visibleAccountIds.size === 0 ? forbidden : { kind: 'read', transaction, visibleAccountIds };
  }
}
