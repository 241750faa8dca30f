import type { CheckPace } from './application/account-check/check-pace.js';
import type { Clock } from './application/clock.port.js';
import { GetBalanceAtHandler } from './application/get-balance-at/get-balance-at.handler.js';
import { GetStatusHandler } from './application/get-status/get-status.handler.js';
import { VerificationProgress } from './application/get-status/verification-progress.js';
import { GetTransactionHandler } from './application/get-transaction/get-transaction.handler.js';
import { ListEntriesHandler } from './application/list-entries/list-entries.handler.js';
import { ListTransactionsHandler } from './application/list-transactions/list-transactions.handler.js';
import { SealProgress } from './application/verify-seals/seal-progress.js';
import type { IncidentLog } from './application/incidents/incident-log.js';
import { LedgerWalk } from './application/verification/ledger-walk.js';
import { VerifyAccountHandler } from './application/verify-account/verify-account.handler.js';
import { VerifyAccountsHandler } from './application/verify-accounts/verify-accounts.handler.js';
import { BooksRepository } from './infrastructure/postgres/books.repository.js';
import { ChainRepository } from './infrastructure/postgres/chain.repository.js';
import { EffectiveRepository } from './infrastructure/postgres/effective.repository.js';
import { FactSliceRepository } from './infrastructure/postgres/fact-slice.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { EntryRepository, ListingRepository } from './infrastructure/postgres/listing.repository.js';
import { SealVerificationRepository } from './infrastructure/postgres/seal-verification.repository.js';
import { SealRepository } from './infrastructure/postgres/seal.repository.js';
import { NewFactsProgressRepository } from './infrastructure/postgres/new-facts.repository.js';
import { TransactionRepository } from './infrastructure/postgres/transaction.repository.js';
import { VerificationRepository } from './infrastructure/postgres/verification.repository.js';
import { WalkProgressRepository } from './infrastructure/postgres/walk-progress.repository.js';
import type { LedgerUseCases } from './transport/ledger-rpc-handlers.js';

export interface LedgerParts {
  readonly database: LedgerDatabase;
  readonly clock: Clock;
  readonly incidents: IncidentLog;
  readonly pace: CheckPace;
}

/** The use cases of the service over PostgreSQL. */
export function composeLedger({ database, clock, incidents, pace }: LedgerParts): LedgerUseCases {
  const chains = new ChainRepository(database);
  const transactions = new TransactionRepository(database);
  const verification = new VerificationRepository(database);
  const walk = new LedgerWalk(verification, new FactSliceRepository(database), clock);
  return {
    listEntries: new ListEntriesHandler(database, chains, new EntryRepository(database)),
    listTransactions: new ListTransactionsHandler(
      database,
      chains,
      new ListingRepository(database),
      transactions,
    ),
    getTransaction: new GetTransactionHandler(transactions),
    getBalanceAt: new GetBalanceAtHandler(database, chains, new EffectiveRepository(database)),
    verifyAccount: new VerifyAccountHandler(database, verification, pace),
    verifyAccounts: new VerifyAccountsHandler(database, walk, pace),
    getStatus: new GetStatusHandler(
      new BooksRepository(database),
      new VerificationProgress(
        new WalkProgressRepository(database),
        new NewFactsProgressRepository(database, clock),
        incidents,
        clock,
      ),
      new SealProgress(new SealRepository(database), new SealVerificationRepository(database)),
    ),
  };
}
