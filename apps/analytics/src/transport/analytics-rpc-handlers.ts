import { ERROR_TABLE } from '@steelyard/contracts/errors';
import type { analyticsV1 } from '@steelyard/contracts/grpc';
import { isRefusal } from '@steelyard/domain/result';
import { RpcError, type RpcHandlers } from '@steelyard/platform/rpc';
import type { GetSupplyHandler } from '../application/supply/get-supply.handler.js';

export interface AnalyticsUseCases {
  readonly getSupply: GetSupplyHandler;
}

/** What every transport serves. A refusal leaves as an RpcError whose message begins with its code. */
export function analyticsRpcHandlers(
  useCases: AnalyticsUseCases,
): RpcHandlers<typeof analyticsV1.AnalyticsServiceService> {
  return {
    getSupply: async ({ currency }) => {
      const supplies = await useCases.getSupply.execute(currency);
      if (isRefusal(supplies)) {
        throw new RpcError(ERROR_TABLE[supplies.code].grpcStatus, `${supplies.code}: ${supplies.message}`);
      }
      return {
        currencies: supplies.map(({ kinds, sources, sinks, ...supply }) => ({
          ...supply,
          kinds: [...kinds],
          sources: [...sources],
          sinks: [...sinks],
        })),
      };
    },
  };
}
