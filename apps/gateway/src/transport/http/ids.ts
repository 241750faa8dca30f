import { parseId } from '@steelyard/domain/posting';
import { ProblemError } from '@steelyard/platform/http';

/**
 * Reads the id of a transaction or a reservation from a path. One of another form is malformed, and nothing
 * needs to be looked up to say so.
 */
export function readFactId(text: string, what: 'transaction' | 'reservation'): string {
  if (parseId(text)?.ordinal === 0) return text.toLowerCase();
  throw new ProblemError('INVALID_REQUEST', `id must be the id of a ${what}`, { field: 'id' });
}

/** Reads the id of an entry from a path. */
export function readEntryId(text: string): string {
  const place = parseId(text);
  if (place !== undefined && place.ordinal > 0) return text.toLowerCase();
  throw new ProblemError('INVALID_REQUEST', 'id must be the id of an entry', { field: 'id' });
}
