import type { ledgerV1 } from '@steelyard/contracts/grpc';
import type { RpcHandlers } from '@steelyard/platform/rpc';
import type { GetBalanceAtHandler } from '../application/get-balance-at/get-balance-at.handler.js';
import type { GetStatusHandler } from '../application/get-status/get-status.handler.js';
import type { GetTransactionHandler } from '../application/get-transaction/get-transaction.handler.js';
import type { ListEntriesHandler } from '../application/list-entries/list-entries.handler.js';
import type { ListTransactionsHandler } from '../application/list-transactions/list-transactions.handler.js';
import type { VerifyAccountHandler } from '../application/verify-account/verify-account.handler.js';
import type { VerifyAccountsHandler } from '../application/verify-accounts/verify-accounts.handler.js';
import { decodeClock } from './decode-clock.js';
import { granted } from './refused-rpc-error.js';

export type LedgerRpcHandlers = RpcHandlers<typeof ledgerV1.LedgerServiceService>;

/** The use cases behind the service. */
export interface LedgerUseCases {
  readonly listEntries: ListEntriesHandler;
  readonly listTransactions: ListTransactionsHandler;
  readonly getTransaction: GetTransactionHandler;
  readonly getBalanceAt: GetBalanceAtHandler;
  readonly verifyAccount: VerifyAccountHandler;
  readonly verifyAccounts: VerifyAccountsHandler;
  readonly getStatus: GetStatusHandler;
}

/** What every transport serves. A refusal leaves as {@link RefusedRpcError}. */
export function ledgerRpcHandlers(useCases: LedgerUseCases): LedgerRpcHandlers {
  return {
    listEntries: async (request) => granted(await useCases.listEntries.execute(request)),
    listTransactions: async (request) => granted(await useCases.listTransactions.execute(request)),
    getTransaction: async (request) => granted(await useCases.getTransaction.execute(request)),
    getBalanceAt: async ({ accountId, atMs, clock }) =>
      granted(await useCases.getBalanceAt.execute({ accountId, atMs, clock: decodeClock(clock) })),
    verifyAccount: async (request) => granted(await useCases.verifyAccount.execute(request)),
    verifyAccounts: async (request) => granted(await useCases.verifyAccounts.execute(request)),
    getStatus: () => useCases.getStatus.execute(),
  };
}
