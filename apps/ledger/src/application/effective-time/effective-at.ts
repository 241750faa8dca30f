/** Canonical JSON has no white space, and a quote inside a text is escaped: what lacks this has no such member. */
const MEMBER = '"effectiveAt":"';

/**
 * When a transaction took effect in business, where its metadata says so: milliseconds since 1970-01-01 UTC.
 *
 * @param metadataJson canonical JSON of an object, as it stands under the checksums.
 */
export function effectiveAtMsOf(metadataJson: string): bigint | undefined {
  if (!metadataJson.includes(MEMBER)) return undefined;
  const metadata: unknown = JSON.parse(metadataJson);
  // A member of the caller's own may have the name deeper down.
  const isObject = typeof metadata === 'object' && metadata !== null;
  const effectiveAt = isObject && 'effectiveAt' in metadata ? metadata.effectiveAt : undefined;
  if (typeof effectiveAt !== 'string') return undefined;
  const ms = Date.parse(effectiveAt);
  return Number.isNaN(ms) ? undefined : BigInt(ms);
}
