import { SteelyardProtocolError, type Result } from '../answers/index.js';
import { derivedKey } from '../keys/derived-key.js';
import type { OperationValues, Reservation } from '../operations/index.js';
import type { Keyed, WireKind } from './wire-transport.port.js';

type Send = <Kind extends WireKind>(command: Keyed<Kind>) => Promise<Result<OperationValues[Kind]>>;

/** A hold that ran out moved nothing, so another may be tried; more than this means that something else is wrong. */
const HOLDS_MAX = 3;

/**
 * A buy-in in one call: holds the funds for the table, then commits them. Under the same key it has one effect,
 * also when it is repeated after a crash between the two steps that lasted longer than the hold.
 */
export async function buyIn(
  { input, idempotencyKey }: Keyed<'buyIn'>,
  send: Send,
): Promise<Result<Reservation>> {
  for (let hold = 1; hold <= HOLDS_MAX; hold++) {
    const key = hold === 1 ? idempotencyKey : derivedKey(idempotencyKey, `hold-${hold}`);
    const held = await send({ kind: 'reserve', input, idempotencyKey: key });
    if (!held.ok) return held;
    const { reservationId } = held.value;
    const commitKey = derivedKey(key, 'commit');
    const committed = await send({ kind: 'commit', input: { reservationId }, idempotencyKey: commitKey });
    if (committed.ok) {
      return { ...committed, replayed: held.replayed && committed.replayed, idempotencyKey };
    }
    if (committed.error.code !== 'RESERVATION_EXPIRED') return committed;
  }
  throw new SteelyardProtocolError(
    `the holds of the buy-in ${idempotencyKey} ran out ${HOLDS_MAX} times in a row`,
  );
}
