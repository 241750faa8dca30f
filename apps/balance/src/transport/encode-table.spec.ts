import { describe, expect, it } from '@jest/globals';
import type { Pot } from '@steelyard/domain/tables';
import { accountNamed } from '../../test/support/known-account.js';
import { encodePot, encodePotOutcome, encodeTable } from './encode-table.js';

describe('tables on the wire', () => {
  it('show a pot with its seats and the total without what was returned', () => {
    const pot: Pot = {
      bucket: 1,
      tableId: 't',
      handId: 'h',
      currency: 'CHIPS',
      status: 'SETTLED',
      seats: [
        { seatId: 0, accountId: 'alice', contributed: 10n, returned: 4n, won: 11n },
        { seatId: 3, accountId: 'bob', contributed: 6n, returned: 0n, won: 0n },
      ],
      rake: 1n,
      version: 5n,
      createdAtMs: 1,
      updatedAtMs: 2,
    };
    expect(encodePot(pot)).toEqual({
      tableId: 't',
      handId: 'h',
      currency: 'CHIPS',
      status: 'SETTLED',
      total: 12n,
      rake: 1n,
      seats: pot.seats,
      createdAtMs: 1n,
      updatedAtMs: 2n,
    });
  });

  it('show what a command on a pot came to', () => {
    const payout = { seatId: 1, accountId: 'alice', amount: 9n, transactionId: 'x', newBalance: 109n };
    const rest = {
      tableId: 't',
      handId: 'h',
      currency: 'CHIPS',
      status: 'SETTLED',
      total: 10n,
      rake: 1n,
    } as const;
    const outcome = {
      kind: 'pot',
      ...rest,
      seatContribution: 0n,
      transactionId: null,
      payouts: [payout],
    } as const;
    expect(encodePotOutcome(outcome)).toEqual({
      ...rest,
      seatContribution: 0n,
      transactionId: '',
      payouts: [payout],
    });
  });

  it('show the policy and the inflation of a table by the account that keeps its chips', () => {
    const account = accountNamed('@table/t/CHIPS', {
      balance: -40n,
      creditLimit: null,
      metadataJson: '{"inflation":"55"}',
    });
    expect(encodeTable('t', account)).toEqual({
      tableId: 't',
      currency: 'CHIPS',
      escrow: -40n,
      escrowPolicy: 'observe',
      inflation: 55n,
    });
    expect(encodeTable('t', accountNamed('@table/t/CHIPS'))).toMatchObject({
      escrowPolicy: 'strict',
      inflation: 0n,
    });
  });
});
