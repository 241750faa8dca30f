import { canonicalJson, isJsonObject, type JsonObject } from '../ledger-chain/index.js';
import { invariant } from '../result/index.js';
import type { PotSeat } from './pot.js';

/** The seats of a pot as they are stored: canonical JSON, amounts as texts of digits. */
export function potSeatsToJson(seats: readonly PotSeat[]): string {
  return canonicalJson(
    seats.map(({ seatId, accountId, contributed, returned, won }) => ({
      seatId,
      accountId,
      contributed: contributed.toString(),
      returned: returned.toString(),
      won: won.toString(),
    })),
  );
}

/** The seats that {@link potSeatsToJson} wrote. Anything else is a bug or a damaged row. */
export function potSeatsFromJson(text: string): readonly PotSeat[] {
  const seats: unknown = JSON.parse(text);
  invariant(Array.isArray(seats), 'pot: seats are no list');
  return seats.map((seat: unknown) => {
    invariant(isJsonObject(seat), 'pot: a seat is no object');
    const { seatId, accountId } = seat;
    invariant(
      typeof seatId === 'number' && typeof accountId === 'string',
      'pot: a seat has a number and an account',
    );
    return {
      seatId,
      accountId,
      contributed: amountOf(seat, 'contributed'),
      returned: amountOf(seat, 'returned'),
      won: amountOf(seat, 'won'),
    };
  });
}

function amountOf(seat: JsonObject, name: string): bigint {
  const digits = seat[name];
  invariant(typeof digits === 'string', `pot: ${name} is not a text of digits`);
  return BigInt(digits);
}
