import { inTransaction } from '@steelyard/platform/postgres';
import { invariant } from '@steelyard/domain/result';
import {
  ReconciliationProgressStore,
  type CompletedRound,
  type ReconciliationProgress,
} from '../../application/continue-reconciliation/reconciliation-progress.port.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { BEGIN_RECONCILIATION, LOCK_RECONCILIATION, SAVE_RECONCILIATION } from './reconciliation.sql.js';

interface ProgressRow {
  readonly round: bigint;
  readonly started_at_ms: bigint;
  readonly bucket: number;
  readonly account_id: string;
  readonly accounts_checked: bigint;
  readonly drifted: bigint;
  readonly repaired: bigint;
  readonly completed_started_at_ms: bigint | null;
  readonly completed_at_ms: bigint | null;
  readonly completed_accounts_checked: bigint | null;
  readonly completed_drifted: bigint | null;
  readonly completed_repaired: bigint | null;
}

/** The progress is one row, and whoever holds its lock walks on: the lock ends with its transaction. */
export class ReconciliationProgressRepository extends ReconciliationProgressStore {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async advance(
    nowMs: number,
    work: (progress: ReconciliationProgress) => Promise<ReconciliationProgress>,
  ): Promise<boolean> {
    const { pool } = this.database;
    await pool.query({ ...BEGIN_RECONCILIATION, values: [nowMs] });
    return inTransaction(
      pool,
      async (client) => {
        const { rows } = await client.query<ProgressRow>(LOCK_RECONCILIATION);
        const [row] = rows;
        if (row === undefined) return false;
        await client.query({ ...SAVE_RECONCILIATION, values: progressValues(await work(progressOf(row))) });
        return true;
      },
      // What it repaired is repaired; its next turn goes over the same accounts again.
      { attemptsMax: 1 },
    );
  }
}

function progressOf(row: ProgressRow): ReconciliationProgress {
  return {
    round: row.round,
    startedAtMs: toMs(row.started_at_ms),
    position: { bucket: row.bucket, accountId: row.account_id },
    accountsChecked: row.accounts_checked,
    drifted: row.drifted,
    repaired: row.repaired,
    completed: completedOf(row),
  };
}

function completedOf(row: ProgressRow): CompletedRound | undefined {
  if (row.completed_at_ms === null) return undefined;
  const { completed_started_at_ms: startedAt, completed_accounts_checked: accountsChecked } = row;
  const { completed_drifted: drifted, completed_repaired: repaired } = row;
  invariant(
    startedAt !== null && accountsChecked !== null && drifted !== null && repaired !== null,
    'a completed round is stored wholly',
  );
  const times = { startedAtMs: toMs(startedAt), completedAtMs: toMs(row.completed_at_ms) };
  return { ...times, accountsChecked, drifted, repaired };
}

function progressValues(progress: ReconciliationProgress): unknown[] {
  const { round, startedAtMs, position, accountsChecked, drifted, repaired, completed } = progress;
  return [
    round,
    startedAtMs,
    position.bucket,
    position.accountId,
    accountsChecked,
    drifted,
    repaired,
    completed?.startedAtMs ?? null,
    completed?.completedAtMs ?? null,
    completed?.accountsChecked ?? null,
    completed?.drifted ?? null,
    completed?.repaired ?? null,
  ];
}
