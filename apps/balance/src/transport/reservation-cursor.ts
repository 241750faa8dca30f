/** Above it no sequence can be: what a cursor says must be read by PostgreSQL as a bigint. */
const SEQUENCE_MAX = 9_223_372_036_854_775_807n;
/** Longer than any cursor of ours. */
const CURSOR_CHARACTERS_MAX = 512;
const FORM = 'reservations.1';
const DIGITS = /^(?:0|[1-9][0-9]{0,18})$/;

/** Writes the cursor of the page that follows the reservation with this sequence. Clients do not look inside. */
export function encodeReservationCursor(accountId: string, sequence: bigint): string {
  return Buffer.from(JSON.stringify([FORM, accountId, sequence.toString()]), 'utf8').toString('base64url');
}

/** Reads a cursor; undefined when it is none that this account's list returned. */
export function decodeReservationCursor(cursor: string, accountId: string): bigint | undefined {
  const fields = cursor.length > CURSOR_CHARACTERS_MAX ? undefined : parsed(cursor);
  if (!Array.isArray(fields) || fields[0] !== FORM || fields[1] !== accountId) return undefined;
  const digits: unknown = fields[2];
  if (typeof digits !== 'string' || !DIGITS.test(digits)) return undefined;
  const sequence = BigInt(digits);
  return sequence <= SEQUENCE_MAX && encodeReservationCursor(accountId, sequence) === cursor
    ? sequence
    : undefined;
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
