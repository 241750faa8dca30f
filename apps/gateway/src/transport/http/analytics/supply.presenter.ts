import type { analyticsV1 } from '@steelyard/contracts/grpc';
import type { Reply } from '@steelyard/rest/replies';

/** Where all units of currencies are. */
export function presentSupply(currencies: readonly analyticsV1.CurrencySupply[]): Reply {
  return {
    currencies: currencies.map(({ currency, circulating, issued, kinds, sources, sinks }) => ({
      currency,
      circulating,
      issued,
      kinds: kinds.map(({ kind, balance, amountIn, amountOut, entries }) => ({
        kind,
        balance,
        amountIn,
        amountOut,
        entries,
      })),
      sources: sources.map(presentFlow),
      sinks: sinks.map(presentFlow),
    })),
  };
}

function presentFlow({ type, amount, entries }: analyticsV1.TypeFlow): Reply {
  return { type, amount, entries };
}
