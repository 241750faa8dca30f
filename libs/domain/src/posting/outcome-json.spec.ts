import { describe, expect, it } from '@jest/globals';
import { openedAccount } from '../accounts/index.js';
import { refuse } from '../result/index.js';
import type { Outcome, PotOutcome } from './outcome.js';
import { outcomeFromJson, outcomeToJson } from './outcome-json.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
const pot: PotOutcome = {
  kind: 'pot',
  tableId: 't-1',
  handId: 'h-1',
  currency: 'CHIPS',
  status: 'SETTLED',
  total: AMOUNT_MAX,
  seatContribution: 0n,
  transactionId: null,
  rake: 3n,
  payouts: [
    { seatId: 0, accountId: 'alice', amount: AMOUNT_MAX - 3n, transactionId: 'tx-1', newBalance: -1n },
    { seatId: 2, accountId: 'alice', amount: 1n, transactionId: 'tx-2', newBalance: AMOUNT_MAX },
  ],
};

describe('a frozen outcome', () => {
  it.each<[string, Outcome]>([
    ['a refusal', refuse('INSUFFICIENT_ESCROW', 'too little', 'amount')],
    ['a refusal of no field', refuse('POT_NOT_ACTIVE', 'over')],
    [
      'an account',
      {
        kind: 'account',
        account: openedAccount(
          { bucket: 1, accountId: 'alice', currency: 'CHIPS', held: 5n, nextExpiryAtMs: 9 },
          1,
        ),
        isCreated: false,
      },
    ],
    [
      'a reservation',
      {
        kind: 'reservation',
        reservation: {
          bucket: 7,
          sequence: 3n,
          reservationId: 'r',
          accountId: 'alice',
          currency: 'CHIPS',
          amount: AMOUNT_MAX,
          target: { kind: 'account', accountId: 'bob' },
          status: 'RELEASED',
          captured: 0n,
          reference: null,
          metadataJson: '{"reservation":{"x":1}}',
          createdAtMs: 1,
          expiresAtMs: 2,
          resolvedAtMs: 2,
          transactionId: null,
          balanceAfter: -5n,
          availableAfter: AMOUNT_MAX,
        },
      },
    ],
    ['a pot', pot],
    ['a pot without payouts', { ...pot, status: 'ACTIVE', payouts: [], transactionId: 'tx-9' }],
  ])('that is %s comes back as it was', (_, outcome) => {
    expect(outcomeFromJson(outcomeToJson(outcome))).toEqual(outcome);
  });

  it.each([
    ['no object', '[]'],
    ['nothing known', '{}'],
    ['an unknown code', '{"code":"NO_SUCH_CODE","message":"m"}'],
    ['a reservation without members', '{"reservation":{}}'],
    ['a pot without payouts', '{"pot":{"status":"ACTIVE"}}'],
    ['a pot of an unknown status', '{"pot":{"status":"OPEN","payouts":[]}}'],
    ['a pot with a damaged payout', outcomeToJson(pot).replace('"seatId":2', '"seatId":"2"')],
    ['a pot with a damaged amount', outcomeToJson(pot).replace('"rake":"3"', '"rake":3')],
  ])('that is %s is damage', (_, json) => {
    expect(() => outcomeFromJson(json)).toThrow();
  });
});
