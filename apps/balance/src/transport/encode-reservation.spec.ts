import { describe, expect, it } from '@jest/globals';
import type { Reservation } from '@steelyard/domain/reservations';
import { encodeReservation } from './encode-reservation.js';

const HELD: Reservation = {
  bucket: 3,
  sequence: 7n,
  reservationId: 'r-1',
  accountId: 'alice',
  currency: 'CHIPS',
  amount: 9_007_199_254_740_991n,
  target: { kind: 'table', tableId: 't-1' },
  status: 'HELD',
  captured: 0n,
  reference: null,
  metadataJson: '{"a":1}',
  createdAtMs: 1_000,
  expiresAtMs: 31_000,
  resolvedAtMs: null,
  transactionId: null,
  balanceAfter: 9_007_199_254_740_991n,
  availableAfter: 0n,
};

describe('encodeReservation', () => {
  it('leaves out what a held one does not have yet', () => {
    expect(encodeReservation(HELD)).toEqual({
      reservationId: 'r-1',
      accountId: 'alice',
      currency: 'CHIPS',
      status: 'HELD',
      amount: 9_007_199_254_740_991n,
      captured: 0n,
      target: { $case: 'tableId', value: 't-1' },
      reference: '',
      metadataJson: '{"a":1}',
      createdAtMs: 1_000n,
      expiresAtMs: 31_000n,
      resolvedAtMs: undefined,
      transactionId: '',
      balanceAfter: 9_007_199_254_740_991n,
      availableAfter: 0n,
    });
  });

  it('shows how it ended', () => {
    const end = { status: 'COMMITTED', captured: 5n, resolvedAtMs: 2_000, transactionId: 'x' } as const;
    expect(encodeReservation({ ...HELD, ...end, reference: 'ref', target: { kind: 'world' } })).toMatchObject(
      {
        status: 'COMMITTED',
        captured: 5n,
        resolvedAtMs: 2_000n,
        transactionId: 'x',
        reference: 'ref',
        target: undefined,
      },
    );
    const target = { kind: 'account', accountId: 'bob' } as const;
    expect(encodeReservation({ ...HELD, target }).target).toEqual({ $case: 'toAccountId', value: 'bob' });
  });
});
