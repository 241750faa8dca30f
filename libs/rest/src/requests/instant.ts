// A date, or a date and a time with its zone; digits beyond milliseconds are read and cut off.
const INSTANT_PATTERN =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2}))?$/;
const OFFSET_MAX_MINUTES = 14 * 60;

/**
 * Reads ISO 8601 as milliseconds since 1970-01-01 UTC. A date alone is its midnight UTC; a time needs its zone,
 * because nobody can know which one was meant. Undefined for any other text and for days that do not exist.
 */
export function parseInstant(text: string): bigint | undefined {
  const match = INSTANT_PATTERN.exec(text);
  if (!match) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = match;
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  const utc = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`;
  const time = new Date(utc);
  // A day such as February 30 would be moved into March.
  if (Number.isNaN(time.getTime()) || time.toISOString() !== utc) return undefined;
  const offset = offsetMinutes(zone);
  return offset === undefined ? undefined : BigInt(time.getTime() - offset * 60_000);
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0;
  const hours = Number.parseInt(zone.slice(1, 3), 10);
  const minutes = Number.parseInt(zone.slice(4), 10);
  const offset = hours * 60 + minutes;
  if (minutes > 59 || offset > OFFSET_MAX_MINUTES) return undefined;
  return zone.startsWith('-') ? -offset : offset;
}
