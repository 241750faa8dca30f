import type { Clock } from './application/clock.port.js';
import { ContinueWalkHandler } from './application/continue-walk/continue-walk.handler.js';
import { GetBalanceAtHandler } from './application/get-balance-at/get-balance-at.handler.js';
import { GetStatusHandler } from './application/get-status/get-status.handler.js';
import { GetTransactionHandler } from './application/get-transaction/get-transaction.handler.js';
import { ListEntriesHandler } from './application/list-entries/list-entries.handler.js';
import { ListTransactionsHandler } from './application/list-transactions/list-transactions.handler.js';
import { LedgerWalk } from './application/verification/ledger-walk.js';
import { VerifyAccountHandler } from './application/verify-account/verify-account.handler.js';
import { VerifyAccountsHandler } from './application/verify-accounts/verify-accounts.handler.js';
import { BooksRepository } from './infrastructure/postgres/books.repository.js';
import { ChainRepository } from './infrastructure/postgres/chain.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { EntryRepository, ListingRepository } from './infrastructure/postgres/listing.repository.js';
import { TransactionRepository } from './infrastructure/postgres/transaction.repository.js';
import { VerificationRepository } from './infrastructure/postgres/verification.repository.js';
import { WalkProgressRepository } from './infrastructure/postgres/walk-progress.repository.js';
import type { LedgerUseCases } from './transport/ledger-rpc-handlers.js';

/** All use cases over PostgreSQL: the service's, and the background walk that no caller can ask for. */
export function composeLedger(
  database: LedgerDatabase,
  clock: Clock,
): LedgerUseCases & { readonly continueWalk: ContinueWalkHandler } {
  const chains = new ChainRepository(database);
  const transactions = new TransactionRepository(database);
  const verification = new VerificationRepository(database);
  const progress = new WalkProgressRepository(database);
  const walk = new LedgerWalk(verification, clock);
  return {
    listEntries: new ListEntriesHandler(database, chains, new EntryRepository(database)),
    listTransactions: new ListTransactionsHandler(
      database,
      chains,
      new ListingRepository(database),
      transactions,
    ),
    getTransaction: new GetTransactionHandler(transactions),
    getBalanceAt: new GetBalanceAtHandler(database, chains),
    verifyAccount: new VerifyAccountHandler(database, verification),
    verifyAccounts: new VerifyAccountsHandler(database, walk, clock),
    getStatus: new GetStatusHandler(new BooksRepository(database), progress),
    continueWalk: new ContinueWalkHandler(database, progress, walk, clock),
  };
}
