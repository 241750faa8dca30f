import { Controller, Inject, UseFilters } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { ledgerV1 } from '@steelyard/contracts/grpc';
import type { LedgerRpcHandlers } from '../ledger-rpc-handlers.js';
import { RefusedRpcFilter } from './refused-rpc.filter.js';

export const LEDGER_SERVICE = 'steelyard.ledger.v1.LedgerService';
export const LEDGER_RPC_HANDLERS = Symbol('LedgerRpcHandlers');

/** The service over gRPC: each method is the handler of the same name. */
@Controller()
@UseFilters(RefusedRpcFilter)
export class LedgerGrpcController {
  constructor(@Inject(LEDGER_RPC_HANDLERS) private readonly handlers: LedgerRpcHandlers) {}

  @GrpcMethod(LEDGER_SERVICE, 'ListEntries')
  listEntries(request: ledgerV1.ListEntriesRequest): Promise<ledgerV1.ListEntriesResponse> {
    return this.handlers.listEntries(request);
  }

  @GrpcMethod(LEDGER_SERVICE, 'ListTransactions')
  listTransactions(request: ledgerV1.ListTransactionsRequest): Promise<ledgerV1.ListTransactionsResponse> {
    return this.handlers.listTransactions(request);
  }

  @GrpcMethod(LEDGER_SERVICE, 'GetTransaction')
  getTransaction(request: ledgerV1.GetTransactionRequest): Promise<ledgerV1.GetTransactionResponse> {
    return this.handlers.getTransaction(request);
  }

  @GrpcMethod(LEDGER_SERVICE, 'GetBalanceAt')
  getBalanceAt(request: ledgerV1.GetBalanceAtRequest): Promise<ledgerV1.GetBalanceAtResponse> {
    return this.handlers.getBalanceAt(request);
  }

  @GrpcMethod(LEDGER_SERVICE, 'VerifyAccount')
  verifyAccount(request: ledgerV1.VerifyAccountRequest): Promise<ledgerV1.VerifyAccountResponse> {
    return this.handlers.verifyAccount(request);
  }

  @GrpcMethod(LEDGER_SERVICE, 'VerifyAccounts')
  verifyAccounts(request: ledgerV1.VerifyAccountsRequest): Promise<ledgerV1.VerifyAccountsResponse> {
    return this.handlers.verifyAccounts(request);
  }

  @GrpcMethod(LEDGER_SERVICE, 'GetStatus')
  getStatus(request: ledgerV1.GetStatusRequest): Promise<ledgerV1.GetStatusResponse> {
    return this.handlers.getStatus(request);
  }
}
