/**
 * PostgreSQL array literals. node-postgres can build them too, but tests every element's type and escapes numbers
 * like text: too much for a batch of some ten thousand of them.
 */

/** For integers, uuids and other elements that never need quotes. null becomes NULL. */
export function plainArray(values: readonly (bigint | number | string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : value)).join(',')}}`;
}

/** For texts. null becomes NULL. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map(quoted).join(',')}}`;
}

/** For bytea, from hex. */
export function byteaArray(hexValues: readonly string[]): string {
  return `{${hexValues.map((hex) => `"\\\\x${hex}"`).join(',')}}`;
}

const NEEDS_ESCAPE = /["\\]/;

function quoted(value: string | null): string {
  if (value === null) return 'NULL';
  return NEEDS_ESCAPE.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
}
