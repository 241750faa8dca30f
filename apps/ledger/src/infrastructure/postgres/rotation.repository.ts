import { inTransaction } from '@steelyard/platform/postgres';
import {
  RotationStore,
  type RotationProgress,
} from '../../application/rotate-ends/rotation-progress.port.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { FIND_BUCKETS_DUE, LOCK_ROTATION, SAVE_ROTATION } from './rotation.sql.js';

interface RotationRow {
  readonly rotation_started_at_ms: bigint | null;
  readonly rotation_due_at_ms: bigint;
  readonly rotation_account_id: string;
}

/** Whoever holds the lock of a bucket's row rotates: the lock ends with its transaction. */
export class RotationRepository extends RotationStore {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async due(nowMs: number): Promise<readonly number[]> {
    const due = { ...FIND_BUCKETS_DUE, values: [nowMs] };
    const { rows } = await this.database.pool.query<{ bucket: number }>(due);
    return rows.map(({ bucket }) => bucket);
  }

  override advance(
    bucket: number,
    work: (progress: RotationProgress) => Promise<RotationProgress>,
  ): Promise<boolean> {
    return inTransaction(
      this.database.pool,
      async (client) => {
        const { rows } = await client.query<RotationRow>({ ...LOCK_ROTATION, values: [bucket] });
        const [row] = rows;
        if (row === undefined) return false;
        const { startedAtMs, dueAtMs, accountId } = await work(progressOf(row));
        await client.query({ ...SAVE_ROTATION, values: [bucket, startedAtMs ?? null, dueAtMs, accountId] });
        return true;
      },
      // The work is long, and its next turn does the same again.
      { attemptsMax: 1 },
    );
  }
}

function progressOf(row: RotationRow): RotationProgress {
  return {
    startedAtMs: row.rotation_started_at_ms === null ? undefined : toMs(row.rotation_started_at_ms),
    dueAtMs: toMs(row.rotation_due_at_ms),
    accountId: row.rotation_account_id,
  };
}
