import { describe, expect, it } from '@jest/globals';
import { accountKindOf } from './account-kind.js';
import { supplyOf, type SupplyFlow } from './supply.js';

function flow(type: string, kind: SupplyFlow['kind'], amounts: readonly [bigint, bigint]): SupplyFlow {
  const [amountIn, amountOut] = amounts;
  return { currency: 'CHIPS', type, kind, entries: 1n, amountIn, amountOut };
}

describe('the kind of an account', () => {
  it.each([
    ['alice', 'player'],
    ['house', 'player'],
    ['@world/CHIPS', 'world'],
    ['@house/CHIPS', 'house'],
    ['@fx/USD', 'fx'],
    ['@table/oak/CHIPS', 'table'],
    ['@pot/oak/h1/CHIPS', 'pot'],
    ['@player/CHIPS', 'other'],
    ['@escrow/CHIPS', 'other'],
  ])('of %s is %s', (accountId, kind) => {
    expect(accountKindOf(accountId)).toBe(kind);
  });
});

describe('the supply of a currency', () => {
  const supply = supplyOf('CHIPS', [
    flow('DEPOSIT', 'world', [0n, 1_000n]),
    flow('DEPOSIT', 'player', [1_000n, 0n]),
    flow('WITHDRAW', 'world', [150n, 0n]),
    flow('WITHDRAW', 'player', [0n, 150n]),
    flow('BUY_IN', 'player', [0n, 400n]),
    flow('BUY_IN', 'table', [400n, 0n]),
    flow('RAKE', 'table', [0n, 5n]),
    flow('RAKE', 'house', [5n, 0n]),
  ]);

  it('is where the units lie: what circulates is what was issued', () => {
    expect(supply.circulating).toBe(850n);
    expect(supply.issued).toBe(850n);
    expect(supply.kinds.map(({ kind, balance }) => [kind, balance])).toEqual([
      ['player', 450n],
      ['world', -850n],
      ['house', 5n],
      ['table', 395n],
      ['pot', 0n],
      ['fx', 0n],
      ['other', 0n],
    ]);
  });

  it('comes from and goes to the outside world, by type', () => {
    expect(supply.sources).toEqual([{ type: 'DEPOSIT', amount: 1_000n, entries: 1n }]);
    expect(supply.sinks).toEqual([{ type: 'WITHDRAW', amount: 150n, entries: 1n }]);
  });
});
