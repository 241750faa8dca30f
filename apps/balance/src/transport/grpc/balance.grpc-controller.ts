import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { BALANCE_RPC_HANDLERS, type BalanceRpcHandlers } from '../balance-rpc-handlers.js';

export const BALANCE_SERVICE = 'steelyard.balance.v1.BalanceService';

/** The service over gRPC: each method is the handler of the same name. */
@Controller()
export class BalanceGrpcController {
  constructor(@Inject(BALANCE_RPC_HANDLERS) private readonly handlers: BalanceRpcHandlers) {}

  @GrpcMethod(BALANCE_SERVICE, 'Execute')
  execute(request: balanceV1.ExecuteRequest): Promise<balanceV1.ExecuteResponse> {
    return this.handlers.execute(request);
  }

  @GrpcMethod(BALANCE_SERVICE, 'GetAccounts')
  getAccounts(request: balanceV1.GetAccountsRequest): Promise<balanceV1.GetAccountsResponse> {
    return this.handlers.getAccounts(request);
  }

  @GrpcMethod(BALANCE_SERVICE, 'GetHolderAccounts')
  getHolderAccounts(
    request: balanceV1.GetHolderAccountsRequest,
  ): Promise<balanceV1.GetHolderAccountsResponse> {
    return this.handlers.getHolderAccounts(request);
  }

  @GrpcMethod(BALANCE_SERVICE, 'GetReservation')
  getReservation(request: balanceV1.GetReservationRequest): Promise<balanceV1.GetReservationResponse> {
    return this.handlers.getReservation(request);
  }

  @GrpcMethod(BALANCE_SERVICE, 'ListReservations')
  listReservations(request: balanceV1.ListReservationsRequest): Promise<balanceV1.ListReservationsResponse> {
    return this.handlers.listReservations(request);
  }

  @GrpcMethod(BALANCE_SERVICE, 'GetPot')
  getPot(request: balanceV1.GetPotRequest): Promise<balanceV1.GetPotResponse> {
    return this.handlers.getPot(request);
  }

  @GrpcMethod(BALANCE_SERVICE, 'GetTable')
  getTable(request: balanceV1.GetTableRequest): Promise<balanceV1.GetTableResponse> {
    return this.handlers.getTable(request);
  }
}
