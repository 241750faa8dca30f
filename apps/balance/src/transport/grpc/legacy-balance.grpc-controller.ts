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

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'ReserveForBuyIn')
  reserveForBuyIn(
    request: legacyBalance.ReserveForBuyInRequest,
  ): Promise<legacyBalance.ReserveForBuyInResponse> {
    return this.handlers.reserveForBuyIn(request);
  }

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'CommitReservation')
  commitReservation(
    request: legacyBalance.CommitReservationRequest,
  ): Promise<legacyBalance.CommitReservationResponse> {
    return this.handlers.commitReservation(request);
  }

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'ReleaseReservation')
  releaseReservation(
    request: legacyBalance.ReleaseReservationRequest,
  ): Promise<legacyBalance.ReleaseReservationResponse> {
    return this.handlers.releaseReservation(request);
  }

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'ProcessCashOut')
  processCashOut(
    request: legacyBalance.ProcessCashOutRequest,
  ): Promise<legacyBalance.ProcessCashOutResponse> {
    return this.handlers.processCashOut(request);
  }

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'RecordContribution')
  recordContribution(
    request: legacyBalance.RecordContributionRequest,
  ): Promise<legacyBalance.RecordContributionResponse> {
    return this.handlers.recordContribution(request);
  }

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'SettlePot')
  settlePot(request: legacyBalance.SettlePotRequest): Promise<legacyBalance.SettlePotResponse> {
    return this.handlers.settlePot(request);
  }

  @GrpcMethod(LEGACY_BALANCE_SERVICE, 'CancelPot')
  cancelPot(request: legacyBalance.CancelPotRequest): Promise<legacyBalance.CancelPotResponse> {
    return this.handlers.cancelPot(request);
  }
}
