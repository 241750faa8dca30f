import { randomBytes } from 'node:crypto';
import {
  AUDIT_HASH_VERSION,
  auditContentJson,
  chainAuditRecord,
  EMPTY_AUDIT_CHAIN,
  personalDigestOf,
  type AuditHead,
} from '@steelyard/domain/audit';
import { invariant } from '@steelyard/domain/result';
import type { FactTransaction } from '@steelyard/facts/inbox';
import type { AuditDraft } from '../../../application/audit/audit-draft.js';
import { AuditErasures } from './audit-erasures.js';
import {
  APPEND_AUDIT_RECORDS,
  APPEND_PERSONAL_DATA,
  BEGIN_AUDIT_HEADS,
  FIND_RECORDED_EVENTS,
  LOCK_AUDIT_HEADS,
} from './audit.sql.js';

/** As many random bits as the digest has. */
const SALT_BYTES = 32;

interface HeadRow {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly checksum: string;
}

/** Facts come exactly once by themselves; an event is looked for first. */
export type RecordSource = 'facts' | 'events';

/**
 * Puts records behind the chains of their buckets within a transaction; how many. Their heads stay locked until it
 * ends, so that a bucket has one writer at a time.
 */
export async function appendAuditRecords(
  transaction: FactTransaction,
  drafts: readonly AuditDraft[],
  source: RecordSource,
): Promise<number> {
  if (drafts.length === 0) return 0;
  const erasures = await AuditErasures.read(transaction, drafts);
  const heads = await lockHeads(transaction, [...new Set(drafts.map(({ bucket }) => bucket))]);
  const fresh = source === 'facts' ? drafts : await withoutRecorded(transaction, drafts);
  if (fresh.length === 0) return 0;
  const rows = new RecordRows(erasures);
  for (const draft of fresh) {
    const head = heads.get(draft.bucket);
    invariant(head !== undefined, 'the heads of all buckets are locked');
    heads.set(draft.bucket, rows.add(draft, head));
  }
  await transaction.query({ ...APPEND_AUDIT_RECORDS, values: rows.recordValues(source === 'events') });
  if (rows.hasPersons) await transaction.query({ ...APPEND_PERSONAL_DATA, values: rows.personalValues() });
  return fresh.length;
}

async function lockHeads(
  transaction: FactTransaction,
  buckets: readonly number[],
): Promise<Map<number, AuditHead>> {
  const heads = await readLocked(transaction, buckets);
  if (heads.size === buckets.length) return heads;
  const missing = buckets.filter((bucket) => !heads.has(bucket));
  await transaction.query({ ...BEGIN_AUDIT_HEADS, values: [missing] });
  return readLocked(transaction, buckets);
}

async function readLocked(
  transaction: FactTransaction,
  buckets: readonly number[],
): Promise<Map<number, AuditHead>> {
  const { rows } = await transaction.query<HeadRow>({ ...LOCK_AUDIT_HEADS, values: [buckets] });
  return new Map(
    rows.map(({ bucket, sequence, checksum }) => [
      bucket,
      sequence === 0n ? EMPTY_AUDIT_CHAIN : { sequence, checksum },
    ]),
  );
}

/** Nobody else records into these buckets meanwhile: their heads are locked. */
async function withoutRecorded(
  transaction: FactTransaction,
  drafts: readonly AuditDraft[],
): Promise<readonly AuditDraft[]> {
  const values = [drafts.map(({ bucket }) => bucket), drafts.map(({ recordId }) => recordId)];
  const { rows } = await transaction.query<{ event_id: string }>({ ...FIND_RECORDED_EVENTS, values });
  if (rows.length === 0) return drafts;
  const recorded = new Set(rows.map((row) => row.event_id));
  return drafts.filter(({ recordId }) => !recorded.has(recordId));
}

/** Bucket, sequence, performer, account, salt, data, time of erasure. */
type PersonalRow = readonly [
  bucket: number,
  sequence: bigint,
  performedBy: string | null,
  accountId: string | null,
  salt: string | null,
  json: string | null,
  erasedAtMs: number | null,
];

/** The arrays of one insert. */
class RecordRows {
  private readonly buckets: number[] = [];
  private readonly sequences: bigint[] = [];
  private readonly times: number[] = [];
  private readonly ids: string[] = [];
  private readonly checksums: string[] = [];
  private readonly actions: string[] = [];
  private readonly accounts: (string | null)[] = [];
  private readonly agents: (string | null)[] = [];
  private readonly contents: string[] = [];
  private readonly ends = new Map<number, AuditHead>();
  private readonly persons: PersonalRow[] = [];

  constructor(private readonly erasures: AuditErasures) {}

  get hasPersons(): boolean {
    return this.persons.length > 0;
  }

  /** Returns the new end of the bucket's chain. */
  add(draft: AuditDraft, head: AuditHead): AuditHead {
    const { bucket, recordId, atMs, action, accountId, agentId } = draft;
    const contentJson = this.contentOf(draft, head.sequence + 1n);
    const end = chainAuditRecord(head, { recordId, atMs, action, accountId, agentId, contentJson });
    this.buckets.push(bucket);
    this.sequences.push(end.sequence);
    this.times.push(atMs);
    this.ids.push(recordId);
    this.checksums.push(end.checksum);
    this.actions.push(action);
    this.accounts.push(accountId ?? null);
    this.agents.push(agentId ?? null);
    this.contents.push(contentJson);
    this.ends.set(bucket, end);
    return end;
  }

  recordValues(isEvent: boolean): unknown[] {
    const ends = [...this.ends];
    return [
      this.buckets,
      this.sequences,
      this.times,
      this.ids,
      this.checksums,
      this.actions,
      this.accounts,
      this.agents,
      this.contents,
      ends.map(([bucket]) => bucket),
      ends.map(([, { sequence }]) => sequence),
      ends.map(([, { checksum }]) => checksum),
      AUDIT_HASH_VERSION,
      isEvent,
    ];
  }

  personalValues(): unknown[] {
    return [0, 1, 2, 3, 4, 5, 6].map((column) => this.persons.map((person) => person[column]));
  }

  private contentOf(draft: AuditDraft, sequence: bigint): string {
    const { bucket, accountId, content, personalJson } = draft;
    if (personalJson === undefined) return auditContentJson(content);
    const salt = randomBytes(SALT_BYTES).toString('hex');
    const whose = [bucket, sequence, content.performedBy ?? null, accountId ?? null] as const;
    const erasedAtMs = this.erasures.of(draft);
    // Erased before it arrived: the record is what it would have been, and nothing of the person is written down.
    if (erasedAtMs === undefined) this.persons.push([...whose, salt, personalJson, null]);
    else this.persons.push([...whose, null, null, erasedAtMs]);
    return auditContentJson({ ...content, personalDigest: personalDigestOf({ salt, json: personalJson }) });
  }
}
