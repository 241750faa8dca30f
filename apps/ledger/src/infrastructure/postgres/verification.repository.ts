import {
  VerificationReads,
  type AuditedEntry,
  type ChainEnds,
  type EntryRange,
} from '../../application/verification/verification-reads.port.js';
import { auditedEntryOf, TEXT_TYPES, type AuditedEntryRow } from './audited-entry-row.js';
import { chainEndsOf, type ChainEndsRow } from './chain-ends-row.js';
import type { LedgerDatabase } from './ledger-database.js';
import { ENDS_AFTER, ENDS_OF, READ_ENTRIES } from './verification.sql.js';

export class VerificationRepository extends VerificationReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async endsAfter(bucket: number, accountId: string, limit: number): Promise<readonly ChainEnds[]> {
    const values = [bucket, accountId, limit];
    const { rows } = await this.database.pool.query<ChainEndsRow>({ ...ENDS_AFTER, values });
    return rows.map(chainEndsOf);
  }

  override async endsOf(accountId: string, buckets: readonly number[]): Promise<readonly ChainEnds[]> {
    const values = [accountId, buckets];
    const { rows } = await this.database.pool.query<ChainEndsRow>({ ...ENDS_OF, values });
    return rows.map(chainEndsOf);
  }

  override async entries(range: EntryRange): Promise<readonly AuditedEntry[]> {
    const { bucket, after, throughAccountId, limit } = range;
    const { rows } = await this.database.pool.query<[...AuditedEntryRow]>({
      ...READ_ENTRIES,
      values: [bucket, after.accountId, after.sequence, throughAccountId, limit],
      rowMode: 'array',
      types: TEXT_TYPES,
    });
    return rows.map((row) => auditedEntryOf(bucket, row));
  }
}
