import type { PageAudit } from './page-audit.js';
import type { AuditedEntry, EntryRange, VerificationReads } from './verification-reads.port.js';

/** Entries a statement: some 10 ms of proving, so that other requests of the process do not wait long. */
export const ENTRIES_PER_SLICE = 2_000;
/** Beyond every sequence: with it, an account's entries are behind one. */
export const SEQUENCE_MAX = 2n ** 63n - 1n;
/** Before every sequence, also those that nobody gives out. */
export const SEQUENCE_MIN = -(2n ** 63n);

export interface EntryStretch extends Omit<EntryRange, 'limit'> {
  readonly mayGoOn: () => boolean;
}

/**
 * Feeds a stretch of entries to an audit, slice by slice; the next slice is read while one is proved. Returns
 * undefined when all was fed, else the account at which it stopped because it may not go on.
 */
export async function feedEntries(
  reads: VerificationReads,
  audit: PageAudit,
  stretch: EntryStretch,
): Promise<string | undefined> {
  const { bucket, throughAccountId } = stretch;
  const read = (after: EntryRange['after']): Promise<readonly AuditedEntry[]> =>
    reads.entries({ bucket, after, throughAccountId, limit: ENTRIES_PER_SLICE });
  let slice = await read(stretch.after);
  for (;;) {
    const last = slice.at(-1);
    const isFull = slice.length === ENTRIES_PER_SLICE;
    const following = last !== undefined && isFull && stretch.mayGoOn() ? read(last) : undefined;
    // Its failure is met where it is awaited, or does not matter any more.
    following?.catch(() => undefined);
    for (const entry of slice) audit.next(entry);
    if (last === undefined || !isFull) return undefined;
    audit.finishFaulty();
    if (following === undefined || !stretch.mayGoOn()) return last.accountId;
    const isInProgress = audit.provenOf(last.accountId) !== undefined;
    // The rest of a chain that is known to be wrong, or of no account, is not worth reading.
    slice = await (isInProgress ? following : read({ accountId: last.accountId, sequence: SEQUENCE_MAX }));
  }
}
