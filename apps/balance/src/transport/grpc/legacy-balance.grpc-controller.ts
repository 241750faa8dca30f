import { Controller, Inject } from '@nestjs/common';
import { GrpcMethod } from '@nestjs/microservices';
import type { legacyBalance } from '@steelyard/contracts/grpc';
import { LEGACY_BALANCE_HANDLERS, type LegacyBalanceHandlers } from '../legacy-balance-handlers.js';

export const LEGACY_BALANCE_SERVICE = 'balance.BalanceService';

/** The replaced service, wire-compatible: its clients work unchanged. */
@Controller()
export class LegacyBalanceGrpcController {
  constructor(@Inject(LEGACY_BALANCE_HANDLERS) private readonly handlers: LegacyBalanceHandlers) {}

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'GetBalance')
  getBalance(request: legacyBalance.GetBalanceRequest): Promise<legacyBalance.GetBalanceResponse> {
    return this.handlers.getBalance(request);
  }

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'EnsureAccount')
  ensureAccount(request: legacyBalance.EnsureAccountRequest): Promise<legacyBalance.EnsureAccountResponse> {
    return this.handlers.ensureAccount(request);
  }
}
