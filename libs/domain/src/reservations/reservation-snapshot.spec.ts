import { describe, expect, it } from '@jest/globals';
import { canonicalJson, type JsonObject } from '../ledger-chain/index.js';
import { RESERVATION_STATUSES, type Reservation, type ReservationTarget } from './reservation.js';
import { reservationFromJson, reservationTargetFromJson, reservationToJson } from './reservation-snapshot.js';

const reservation: Reservation = {
  bucket: 7,
  sequence: 18_014_398_509_481_983n,
  reservationId: '019ab2c3-d4e5-7003-8000-000000000900',
  accountId: 'alice',
  currency: 'CHIPS',
  amount: 9_007_199_254_740_991n,
  target: { kind: 'table', tableId: 't-1' },
  status: 'COMMITTED',
  captured: 9_007_199_254_740_990n,
  reference: 'ref "1"',
  metadataJson: '{"a":1}',
  createdAtMs: 1_700_000_000_000,
  expiresAtMs: 1_700_000_030_000,
  resolvedAtMs: 1_700_000_000_001,
  transactionId: '019ab2c3-d4e5-7003-8000-000000000a00',
  balanceAfter: -9_007_199_254_740_991n,
  availableAfter: 0n,
};

function throughText(value: Reservation): Reservation {
  return reservationFromJson(JSON.parse(canonicalJson(reservationToJson(value))) as JsonObject);
}

describe('reservation snapshot', () => {
  it('keeps every member through JSON text', () => {
    expect(throughText(reservation)).toEqual(reservation);
  });

  it.each(RESERVATION_STATUSES)('keeps %s, and what is not there yet', (status) => {
    const open = { ...reservation, status, reference: null, resolvedAtMs: null, transactionId: null };
    expect(throughText(open)).toEqual(open);
  });

  it.each<[ReservationTarget]>([
    [{ kind: 'world' }],
    [{ kind: 'account', accountId: 'bob' }],
    [{ kind: 'table', tableId: 't-1' }],
  ])('keeps the target %j', (target) => {
    expect(throughText({ ...reservation, target }).target).toEqual(target);
  });

  it('writes amounts as texts of digits', () => {
    expect(reservationToJson(reservation)).toMatchObject({
      amount: '9007199254740991',
      balanceAfter: '-9007199254740991',
      sequence: '18014398509481983',
      bucket: 7,
    });
  });

  it.each([
    'bucket',
    'sequence',
    'reservationId',
    'amount',
    'captured',
    'reference',
    'createdAtMs',
    'expiresAtMs',
    'resolvedAtMs',
    'transactionId',
    'balanceAfter',
  ])('fails loudly when %s is damaged', (name) => {
    expect(() => reservationFromJson({ ...reservationToJson(reservation), [name]: true })).toThrow(
      `reservation: ${name} is not a`,
    );
  });

  it('fails loudly when the status is unknown', () => {
    expect(() => reservationFromJson({ ...reservationToJson(reservation), status: 'held' })).toThrow(
      'reservation: status is unknown',
    );
  });

  it.each([
    undefined,
    null,
    'world',
    7,
    {},
    { kind: 'pot' },
    { kind: 'table' },
    { kind: 'account', accountId: 1 },
  ])('fails loudly when the target is %j', (target) => {
    expect(() => reservationTargetFromJson(target)).toThrow(/^reservation: /);
  });
});
