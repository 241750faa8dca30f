import { EMPTY_AUDIT_CHAIN, type AuditHead } from '@steelyard/domain/audit';
import { inTransaction } from '@steelyard/platform/postgres';
import {
  AuditVerificationStore,
  type AuditRound,
  type AuditVerificationMoved,
  type AuditVerificationState,
} from '../../../application/audit/audit-verification-store.port.js';
import {
  decodeAuditWalkCursor,
  encodeAuditWalkCursor,
} from '../../../application/audit/audit-walk-cursor.js';
import { AUDIT_WALK_START, type AuditWalkPosition } from '../../../application/audit/audit-walk.js';
import { isReadRefusal } from '../../../application/read-refusal.js';
import { toMs } from '../fact-columns.js';
import type { LedgerDatabase } from '../ledger-database.js';
import {
  BEGIN_AUDIT_VERIFICATION,
  COUNT_AUDIT_UNVERIFIED,
  FIND_AUDIT_BEHIND,
  LOCK_AUDIT_VERIFICATION,
  SAVE_AUDIT_VERIFICATION,
  SAVE_AUDIT_VERIFIED,
} from './audit-verification.sql.js';

interface RoundRow {
  readonly started_at_ms: bigint;
  readonly cursor: string;
  readonly records_checked: bigint;
  readonly verified_up_to_ms: bigint | null;
}

interface VerifiedRow extends AuditHead {
  readonly bucket: number;
}

/** The walk's progress is one row, and whoever holds its lock verifies: the lock ends with its transaction. */
export class AuditVerificationRepository extends AuditVerificationStore {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async advance(
    nowMs: number,
    work: (state: AuditVerificationState) => Promise<AuditVerificationMoved>,
  ): Promise<boolean> {
    const { pool } = this.database;
    await pool.query({ ...BEGIN_AUDIT_VERIFICATION, values: [nowMs] });
    return inTransaction(
      pool,
      async (client) => {
        const { rows } = await client.query<RoundRow>(LOCK_AUDIT_VERIFICATION);
        const [row] = rows;
        if (row === undefined) return false;
        const behind = await client.query<VerifiedRow>(FIND_AUDIT_BEHIND);
        const { round, proven } = await work({
          round: this.roundOf(row),
          behind: behind.rows.map(positionOf),
        });
        // Nothing was ever verified of a chain that is wrong from its first record on.
        const ends = [...proven].filter(([, { sequence }]) => sequence > 0n);
        if (ends.length > 0) await client.query({ ...SAVE_AUDIT_VERIFIED, values: columnsOf(ends) });
        await client.query({ ...SAVE_AUDIT_VERIFICATION, values: roundValues(round) });
        return true;
      },
      // The work is long, and its next turn does the same again.
      { attemptsMax: 1 },
    );
  }

  override async recordsUnverified(): Promise<bigint> {
    const { rows } = await this.database.pool.query<{ records: bigint }>(COUNT_AUDIT_UNVERIFIED);
    return rows[0]?.records ?? 0n;
  }

  private roundOf(row: RoundRow): AuditRound {
    const position = decodeAuditWalkCursor(row.cursor, this.database.buckets());
    return {
      startedAtMs: toMs(row.started_at_ms),
      // What no release wrote: the walk begins anew.
      position: isReadRefusal(position) ? AUDIT_WALK_START : position,
      recordsChecked: row.records_checked,
      verifiedUpToMs: row.verified_up_to_ms === null ? undefined : toMs(row.verified_up_to_ms),
    };
  }
}

function positionOf({ bucket, sequence, checksum }: VerifiedRow): AuditWalkPosition {
  return { bucket, proven: sequence === 0n ? EMPTY_AUDIT_CHAIN : { sequence, checksum } };
}

function columnsOf(ends: readonly (readonly [number, AuditHead])[]): unknown[] {
  return [
    ends.map(([bucket]) => bucket),
    ends.map(([, { sequence }]) => sequence),
    ends.map(([, { checksum }]) => checksum),
  ];
}

function roundValues({ startedAtMs, position, recordsChecked, verifiedUpToMs }: AuditRound): unknown[] {
  return [startedAtMs, encodeAuditWalkCursor(position), recordsChecked, verifiedUpToMs ?? null];
}
