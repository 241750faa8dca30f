import { describe, expect, it } from '@jest/globals';
import { decodeReservationCursor, encodeReservationCursor } from './reservation-cursor.js';

const forged = (fields: unknown) => Buffer.from(JSON.stringify(fields)).toString('base64url');

describe('the cursor of a list of reservations', () => {
  it.each([0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n])('gives %p back exactly', (sequence) => {
    expect(decodeReservationCursor(encodeReservationCursor('alice', sequence), 'alice')).toBe(sequence);
  });

  it.each([
    ['of another account', encodeReservationCursor('bob', 1n)],
    ['that is no base64', '!'],
    ['that is no list', forged({ sequence: '1' })],
    ['of another list', forged(['page.1', 'alice', '1'])],
    ['with a number', forged(['reservations.1', 'alice', 1])],
    ['with a sign', forged(['reservations.1', 'alice', '-1'])],
    ['beyond bigint', forged(['reservations.1', 'alice', '9223372036854775808'])],
    ['with something after it', forged(['reservations.1', 'alice', '1', 'x'])],
    ['that is endless', 'A'.repeat(100_000)],
  ])('refuses one %s', (_, cursor) => {
    expect(decodeReservationCursor(cursor, 'alice')).toBeUndefined();
  });
});
