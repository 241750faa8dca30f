import { hash } from 'node:crypto';
import type { FactTransaction } from '@steelyard/facts/inbox';
import type { AuditDraft } from '../../../application/audit/audit-draft.js';
import { FIND_ERASURES, KEEP_ERASURES_OUT, KEEP_RECORDERS_OUT, REMEMBER_ERASURE } from './audit.sql.js';

/** Says what is hashed, so that it cannot be taken for a hash of something else. */
const DOMAIN = 'steelyard.audit.subject.1';

/**
 * Remembers an erasure, within its transaction and as the first thing in it. It waits for those who are recording
 * personal data: what they record is there to be erased then, and who comes later sees the erasure.
 */
export async function rememberErasure(
  transaction: FactTransaction,
  subject: string,
  atMs: number,
): Promise<void> {
  await transaction.query(KEEP_RECORDERS_OUT);
  await transaction.query({ ...REMEMBER_ERASURE, values: [subjectHash(subject), atMs] });
}

/** Whose personal data were erased, and when. */
export class AuditErasures {
  private constructor(private readonly erasedAtMs: ReadonlyMap<string, number>) {}

  /**
   * Those of the persons in these drafts, before any other lock is taken; no erasure happens until the transaction
   * ends. Costs nothing where there are no personal data.
   */
  static async read(transaction: FactTransaction, drafts: readonly AuditDraft[]): Promise<AuditErasures> {
    const subjects = new Set(
      drafts.flatMap((draft) => (draft.personalJson === undefined ? [] : subjectsOf(draft))),
    );
    if (subjects.size === 0) return new AuditErasures(new Map());
    await transaction.query(KEEP_ERASURES_OUT);
    const { rows } = await transaction.query<{ subject_hash: string; erased_at_ms: bigint }>({
      ...FIND_ERASURES,
      values: [[...subjects].map(subjectHash)],
    });
    // Times are far below 2^53 milliseconds.
    return new AuditErasures(new Map(rows.map((row) => [row.subject_hash, Number(row.erased_at_ms)])));
  }

  /** When the draft's personal data were erased, though they arrive only now; undefined when they are to be kept. */
  of(draft: AuditDraft): number | undefined {
    if (this.erasedAtMs.size === 0) return undefined;
    const erasures = subjectsOf(draft).flatMap((subject) => this.erasedAtMs.get(subjectHash(subject)) ?? []);
    const latest = Math.max(...erasures);
    return latest >= draft.atMs ? latest : undefined;
  }
}

/** Whose data they are: what an erasure names. */
function subjectsOf({ accountId, content }: AuditDraft): readonly string[] {
  return [content.performedBy, accountId].filter((subject) => subject !== undefined);
}

function subjectHash(subject: string): string {
  return hash('sha256', `${DOMAIN}\n${subject}`, 'hex');
}
