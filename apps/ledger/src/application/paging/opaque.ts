/** Longer than any cursor of ours: ids of 400 characters, a checksum and a few numbers. */
const CURSOR_CHARACTERS_MAX = 1_024;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Writes a cursor: clients pass it back and do not look inside. */
export function encodeOpaque(fields: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(fields), 'utf8').toString('base64url');
}

/** Reads a cursor's fields; undefined when it is no cursor that {@link encodeOpaque} wrote. */
export function decodeOpaque(cursor: string): readonly unknown[] | undefined {
  if (cursor.length > CURSOR_CHARACTERS_MAX || !BASE64URL.test(cursor)) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  try {
    const fields: unknown = JSON.parse(text);
    return Array.isArray(fields) && encodeOpaque(fields) === cursor ? fields : undefined;
  } catch {
    return undefined;
  }
}
