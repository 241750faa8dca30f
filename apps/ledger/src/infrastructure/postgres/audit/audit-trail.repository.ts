import { EMPTY_AUDIT_CHAIN, type KeptPersonalData } from '@steelyard/domain/audit';
import { GENESIS } from '@steelyard/domain/ledger-chain';
import { inTransaction } from '@steelyard/platform/postgres';
import type { AuditPosition } from '../../../application/audit/audit-cursor.js';
import type { AuditDraft } from '../../../application/audit/audit-draft.js';
import {
  AuditTrail,
  type AuditChainPiece,
  type AuditFilter,
  type ListedAuditRecord,
  type PlacedAuditRecord,
} from '../../../application/audit/audit-trail.port.js';
import type { LedgerDatabase } from '../ledger-database.js';
import { rememberErasure } from './audit-erasures.js';
import { appendAuditRecords } from './audit-writer.js';
import {
  ERASE_PERSONAL_DATA,
  NEWEST_AUDIT_RECORDS,
  NEWEST_AUDIT_RECORDS_OF_ACCOUNT,
  NEWEST_AUDIT_RECORDS_OF_AGENT,
  READ_AUDIT_CHAIN,
  READ_AUDIT_HEAD,
} from './audit.sql.js';

interface RecordRow {
  readonly bucket: number;
  readonly sequence: bigint;
  readonly at_ms: bigint;
  readonly record_id: string;
  readonly hash_version: number;
  readonly checksum: string;
  readonly action: string;
  readonly account_id: string | null;
  readonly agent_id: string | null;
  readonly content: string;
  readonly salt: string | null;
  readonly data: string | null;
  readonly erased_at_ms: bigint | null;
}

interface ListedRow extends RecordRow {
  readonly previous_checksum: string | null;
}

/** The trail in PostgreSQL. */
export class AuditTrailRepository extends AuditTrail {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async newest(
    filter: AuditFilter,
    { before, limit }: { readonly before: AuditPosition; readonly limit: number },
  ): Promise<readonly ListedAuditRecord[]> {
    const place = [before.atMs, before.bucket, before.sequence, filter.fromMs, limit];
    const { rows } = await this.database.pool.query<ListedRow>(pageStatement(filter, place));
    return rows.map((row) => ({
      ...recordOf(row),
      previousChecksum: row.sequence === 1n ? GENESIS : (row.previous_checksum ?? ''),
    }));
  }

  override record(events: readonly AuditDraft[]): Promise<number> {
    return inTransaction(this.database.pool, (client) => appendAuditRecords(client, events, 'events'));
  }

  override erase(
    { subject, atMs, limit }: { readonly subject: string; readonly atMs: number; readonly limit: number },
    recordOf: (erased: number) => AuditDraft,
  ): Promise<number> {
    return inTransaction(this.database.pool, async (client) => {
      await rememberErasure(client, subject, atMs);
      const { rowCount } = await client.query({ ...ERASE_PERSONAL_DATA, values: [subject, atMs, limit] });
      const erased = rowCount ?? 0;
      await appendAuditRecords(client, [recordOf(erased)], 'events');
      return erased;
    });
  }

  override chainPiece(bucket: number, after: bigint, limit: number): Promise<AuditChainPiece> {
    // One snapshot: the records and the head belong together while others are being added.
    return inTransaction(
      this.database.pool,
      async (client) => {
        const heads = await client.query<{ sequence: bigint; checksum: string }>({
          ...READ_AUDIT_HEAD,
          values: [bucket],
        });
        const values = [bucket, after, limit];
        const { rows } = await client.query<RecordRow>({ ...READ_AUDIT_CHAIN, values });
        return { head: heads.rows[0] ?? EMPTY_AUDIT_CHAIN, records: rows.map(recordOf) };
      },
      { isolation: 'repeatable read', readOnly: true },
    );
  }
}

function pageStatement(
  { account, agentId }: AuditFilter,
  place: readonly unknown[],
): { name: string; text: string; values: unknown[] } {
  if (account !== undefined) {
    const values = [...place, account.accountId, account.buckets, agentId ?? null];
    return { ...NEWEST_AUDIT_RECORDS_OF_ACCOUNT, values };
  }
  if (agentId !== undefined) return { ...NEWEST_AUDIT_RECORDS_OF_AGENT, values: [...place, agentId] };
  return { ...NEWEST_AUDIT_RECORDS, values: [...place] };
}

function recordOf(row: RecordRow): PlacedAuditRecord {
  return {
    bucket: row.bucket,
    sequence: row.sequence,
    // Times are far below 2^53 milliseconds.
    atMs: Number(row.at_ms),
    recordId: row.record_id,
    hashVersion: row.hash_version,
    checksum: row.checksum,
    action: row.action,
    ...(row.account_id === null ? {} : { accountId: row.account_id }),
    ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
    contentJson: row.content,
    personal: personalOf(row),
  };
}

function personalOf({ salt, data, erased_at_ms: erasedAtMs }: RecordRow): KeptPersonalData {
  if (salt !== null && data !== null) return { salt, json: data };
  return erasedAtMs === null ? 'none' : 'erased';
}
