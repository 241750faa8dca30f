import type { ledgerV1, moneyV1 } from '@steelyard/contracts/grpc';
import type { AccountAccess } from '../access/account-access.js';
import { ACCESS } from '../access/access-rules.js';
import { isSelfCaller, type Caller } from '../access/caller.js';
import type { LedgerPort } from '../ports/ledger.port.js';
import { isRefused, refused, type Refused } from '../refused.js';

/** A transaction and the accounts of it that the caller may see whole; undefined: all. */
export interface TransactionRead {
  readonly kind: 'read';
  readonly transaction: moneyV1.Transaction;
  readonly visibleAccountIds: ReadonlySet<string> | undefined;
}

/** Reads transactions. */
export class ReadTransactionsHandler {
  constructor(
    private readonly ledger: LedgerPort,
    private readonly access: AccountAccess,
  ) {}

  /** The transactions of one account, newest first. */
  list(request: ledgerV1.ListTransactionsRequest): Promise<ledgerV1.ListTransactionsResponse | Refused> {
    return this.ledger.listTransactions(request);
  }

  /** One transaction. A caller without a role must own one of its accounts, and cannot tell why it may not. */
  async one(caller: Caller, transactionId: string): Promise<TransactionRead | Refused> {
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
