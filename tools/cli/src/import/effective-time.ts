const DATE = /^(\d{4}-\d{2}-\d{2})$/;
const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Reads a date or an ISO 8601 time as a UTC time with milliseconds. A date is its midnight, a time without a
 * zone is UTC. Undefined for every other form and for days that do not exist (1993-02-30).
 */
export function parseEffectiveTime(text: string): string | undefined {
  const date = DATE.exec(text)?.[1] ?? TIME.exec(text)?.[1];
  if (date === undefined || !isRealDay(date)) return undefined;
  const [, , clock = '00:00', zone = 'Z'] = TIME.exec(text) ?? [];
  const instant = new Date(`${date}T${clock}${withColon(zone)}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

/** Date rolls 30 February over to 2 March instead of refusing it. */
function isRealDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}

function withColon(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
}
