import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { wire } from '../../test/support/wire.js';
import { decodeCommand } from './decode-command.js';

const POT = { tableId: 't-1', handId: 'h-1' };
const SEAT_ID_MAX = 2_147_483_647;

const decoded = (command: balanceV1.Command) => decodeCommand(command).command;
const winners = (...list: Partial<balanceV1.PotWinner>[]) => ({
  $case: 'winners' as const,
  value: { winners: list.map((one) => ({ seatId: 1, accountId: 'alice', amount: 1n, ...one })) },
});
const hands = (...list: Partial<balanceV1.ShownHand>[]) => ({
  $case: 'showdown' as const,
  value: { hands: list.map((one) => ({ seatId: 1, accountId: 'alice', rank: 1, ...one })) },
});

describe('decoding commands on tables', () => {
  it('cashes out with the seat and the hand when they are named', () => {
    const cashOut = { accountId: 'alice', tableId: 't-1', amount: 3n };
    expect(decoded(wire.cashOut(cashOut))).toEqual({ kind: 'cash-out', ...cashOut, details: {} });
    expect(decoded(wire.cashOut({ ...cashOut, seatId: 0, handId: 'h-1' }))).toMatchObject({
      seatId: 0,
      handId: 'h-1',
    });
  });

  it('contributes in the default currency unless one is named', () => {
    const seat = { seatId: SEAT_ID_MAX, accountId: 'alice', amount: 2n };
    const command = wire.contribute({ ...POT, ...seat, contributionType: 'ANTE' });
    expect(decoded(command)).toEqual({ kind: 'contribute', ...POT, ...seat, type: 'ANTE', details: {} });
    expect(decoded(wire.contribute({ ...POT, currency: 'EUR' }))).toMatchObject({ currency: 'EUR' });
  });

  it('settles by amounts or by ranks', () => {
    const byAmounts = winners({ seatId: 0, amount: 0n }, { seatId: 2, accountId: 'bob', amount: 9n });
    expect(decoded(wire.settle({ ...POT, payout: byAmounts, rake: 0n }))).toEqual({
      kind: 'settle-pot',
      ...POT,
      payout: {
        kind: 'winners',
        winners: [
          { seatId: 0, accountId: 'alice', amount: 0n },
          { seatId: 2, accountId: 'bob', amount: 9n },
        ],
      },
      rake: 0n,
      details: {},
    });
    const byRanks = decoded(wire.settle({ ...POT, payout: hands({ rank: 3 }) }));
    expect(byRanks).toMatchObject({
      payout: { kind: 'showdown', hands: [{ seatId: 1, accountId: 'alice', rank: 3 }] },
    });
    expect(byRanks).not.toHaveProperty('rake');
  });

  it('returns, cancels and chooses a policy', () => {
    expect(decoded(wire.giveBack({ ...POT, seatId: 4, amount: 6n }))).toEqual({
      kind: 'return-contribution',
      ...POT,
      seatId: 4,
      amount: 6n,
      details: {},
    });
    expect(decoded(wire.cancel(POT))).toEqual({ kind: 'cancel-pot', ...POT, details: {} });
    expect(decoded(wire.policy('t-1', 'observe'))).toEqual({
      kind: 'set-table-policy',
      tableId: 't-1',
      policy: 'observe',
      details: {},
    });
  });

  it.each<[string, balanceV1.Command, string, string]>([
    ['a table id that begins with @', wire.cancel({ ...POT, tableId: '@t' }), 'INVALID_REQUEST', 'tableId'],
    ['a hand id with a slash', wire.cancel({ ...POT, handId: 'a/b' }), 'INVALID_REQUEST', 'handId'],
    ['no hand', wire.contribute({ ...POT, handId: '' }), 'INVALID_REQUEST', 'handId'],
    ['a negative seat', wire.contribute({ ...POT, seatId: -1 }), 'INVALID_REQUEST', 'seatId'],
    ['a seat that is no integer', wire.contribute({ ...POT, seatId: 1.5 }), 'INVALID_REQUEST', 'seatId'],
    ['a seat beyond int32', wire.giveBack({ ...POT, seatId: SEAT_ID_MAX + 1 }), 'INVALID_REQUEST', 'seatId'],
    [
      'an unknown contribution',
      wire.contribute({ ...POT, contributionType: 'toString' }),
      'INVALID_REQUEST',
      'contributionType',
    ],
    ['a contribution of nothing', wire.contribute({ ...POT, amount: 0n }), 'INVALID_AMOUNT', 'amount'],
    ['a currency with NUL', wire.contribute({ ...POT, currency: 'A\0' }), 'INVALID_CURRENCY', 'currency'],
    ['a negative return', wire.giveBack({ ...POT, amount: -1n }), 'INVALID_AMOUNT', 'amount'],
    [
      'a negative cash-out',
      wire.cashOut({ accountId: 'a', tableId: 't', amount: -1n }),
      'INVALID_AMOUNT',
      'amount',
    ],
    ['a cash-out to nobody', wire.cashOut({ tableId: 't' }), 'INVALID_ACCOUNT_ID', 'accountId'],
    ['a settlement without winners', wire.settle(POT), 'INVALID_REQUEST', 'winners'],
    [
      'a winner who loses',
      wire.settle({ ...POT, payout: winners({ amount: -1n }) }),
      'INVALID_AMOUNT',
      'winners.amount',
    ],
    [
      'a winner without an account',
      wire.settle({ ...POT, payout: winners({ accountId: '' }) }),
      'INVALID_ACCOUNT_ID',
      'winners.accountId',
    ],
    [
      '101 winners',
      wire.settle({ ...POT, payout: winners(...Array.from({ length: 101 }, (_, seatId) => ({ seatId }))) }),
      'INVALID_REQUEST',
      'winners',
    ],
    ['rank 0', wire.settle({ ...POT, payout: hands({ rank: 0 }) }), 'INVALID_REQUEST', 'hands.rank'],
    ['a negative rake', wire.settle({ ...POT, payout: winners({}), rake: -1n }), 'INVALID_AMOUNT', 'rake'],
    ['an unknown policy', wire.policy('t', 'lenient'), 'INVALID_REQUEST', 'escrowPolicy'],
    ...keyless(),
  ])('refuses %s', (_, command, code, field) => {
    expect(decoded(command)).toMatchObject({ kind: 'refusal', code, field });
  });
});

/** What moves chips and would move them again. */
function keyless(): [string, balanceV1.Command, string, string][] {
  const none = { key: '' };
  const commands = {
    'cash-out': wire.cashOut({ accountId: 'a', tableId: 't' }, none),
    contribution: wire.contribute(POT, none),
    return: wire.giveBack(POT, none),
    settlement: wire.settle({ ...POT, payout: winners({}) }, none),
  };
  return Object.entries(commands).map(([name, command]) => [
    `a ${name} without a key`,
    command,
    'MISSING_IDEMPOTENCY_KEY',
    'idempotencyKey',
  ]);
}
