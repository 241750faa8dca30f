/** Milliseconds since 1970-01-01 UTC as ISO 8601 with milliseconds. */
export function isoInstant(ms: bigint): string {
  // Times of the platform are far below 2^53 milliseconds.
  return new Date(Number.parseInt(ms.toString(), 10)).toISOString();
}
