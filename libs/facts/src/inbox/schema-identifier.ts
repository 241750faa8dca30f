const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;

/** The name as SQL may contain it. @throws TypeError when it is anything but a plain name. */
export function schemaIdentifier(schema: string): string {
  if (!SCHEMA_PATTERN.test(schema)) throw new TypeError(`${schema} is not a plain name for a schema`);
  return `"${schema}"`;
}
