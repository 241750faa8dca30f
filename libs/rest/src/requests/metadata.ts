import { refuse, type Refusal } from '@steelyard/domain/result';

/** Of the JSON text. */
export const METADATA_LENGTH_MAX = 16_384;
export const METADATA_DEPTH_MAX = 16;

/** Reads a JSON object of the caller's own as JSON text; undefined stays undefined. Refuses INVALID_METADATA. */
export function parseMetadata(value: unknown): string | undefined | Refusal {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refusal('metadata must be a JSON object');
  }
  const fault = faultIn(value, 1);
  if (fault !== undefined) return refusal(fault);
  const text = JSON.stringify(value);
  return Buffer.byteLength(text) > METADATA_LENGTH_MAX
    ? refusal(`metadata must have at most ${METADATA_LENGTH_MAX} bytes of JSON text`)
    : text;
}

/** What is wrong with a JSON value at this depth. Its own depth bounds the recursion. */
function faultIn(value: unknown, depth: number): string | undefined {
  if (typeof value === 'number') return faultInNumber(value);
  if (typeof value === 'string')
    return value.isWellFormed() ? undefined : 'metadata holds a broken character';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > METADATA_DEPTH_MAX) return `metadata must be at most ${METADATA_DEPTH_MAX} levels deep`;
  for (const [name, member] of Object.entries(value)) {
    if (!name.isWellFormed()) return 'metadata holds a broken character';
    const fault = faultIn(member, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

// What has lost digits when it was parsed would be sealed under a checksum as something that nobody sent.
function faultInNumber(value: number): string | undefined {
  const isExact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return isExact ? undefined : 'metadata holds a number beyond ±(2^53 - 1); send it as a string';
}

function refusal(message: string): Refusal {
  return refuse('INVALID_METADATA', message, 'metadata');
}
