import { inTransaction } from '@steelyard/platform/postgres';
import { invariant } from '@steelyard/domain/result';
import {
  WalkProgressStore,
  type WalkProgress,
  type WalkSummary,
} from '../../application/continue-walk/walk-progress.port.js';
import type { WalkPosition } from '../../application/verification/walk-position.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { BEGIN_WALK, LOCK_WALK, SAVE_WALK, SUMMARIZE_WALK } from './walk.sql.js';

interface WalkRow {
  readonly walk: bigint;
  readonly started_at_ms: bigint;
  readonly step: WalkPosition['step'];
  readonly bucket: number;
  readonly account_id: string;
  readonly fact_sequence: bigint;
  readonly accounts_checked: bigint;
  readonly entries_checked: bigint;
  readonly verified_up_to_ms: bigint | null;
}

interface SummaryRow {
  readonly verified_up_to_ms: bigint | null;
  readonly accounts_checked: bigint;
  readonly invalid: bigint;
  readonly drifted: bigint;
}

/** The progress is one row, and whoever holds its lock walks on: the lock ends with its transaction. */
export class WalkProgressRepository extends WalkProgressStore {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async advance(
    nowMs: number,
    work: (progress: WalkProgress) => Promise<WalkProgress | undefined>,
  ): Promise<boolean> {
    const { pool } = this.database;
    await pool.query({ ...BEGIN_WALK, values: [nowMs] });
    return inTransaction(
      pool,
      async (client) => {
        const { rows } = await client.query<WalkRow>(LOCK_WALK);
        const [row] = rows;
        if (row === undefined) return false;
        const progress = await work(progressOf(row));
        if (progress !== undefined) await client.query({ ...SAVE_WALK, values: walkValues(progress) });
        return true;
      },
      // The work is long, and its next turn does the same again.
      { attemptsMax: 1 },
    );
  }

  override async summary(): Promise<WalkSummary> {
    const { rows } = await this.database.pool.query<SummaryRow>(SUMMARIZE_WALK);
    const [row] = rows;
    invariant(row !== undefined, 'the summary of the walk always is a row');
    return {
      verifiedUpToMs: row.verified_up_to_ms === null ? undefined : toMs(row.verified_up_to_ms),
      accountsChecked: row.accounts_checked,
      invalidAccounts: row.invalid,
      driftedAccounts: row.drifted,
    };
  }
}

function progressOf(row: WalkRow): WalkProgress {
  return {
    walk: row.walk,
    startedAtMs: toMs(row.started_at_ms),
    position: positionOf(row),
    accountsChecked: row.accounts_checked,
    entriesChecked: row.entries_checked,
    verifiedUpToMs: row.verified_up_to_ms === null ? undefined : toMs(row.verified_up_to_ms),
  };
}

function positionOf(row: WalkRow): WalkPosition {
  const { step, bucket, account_id: accountId, fact_sequence: factSequence } = row;
  if (step === 'facts') return { step, bucket, factSequence };
  return { step, bucket, accountId };
}

function walkValues(progress: WalkProgress): unknown[] {
  const { walk, startedAtMs, position, accountsChecked, entriesChecked, verifiedUpToMs } = progress;
  const isFacts = position.step === 'facts';
  return [
    walk,
    startedAtMs,
    position.step,
    position.bucket,
    isFacts ? '' : position.accountId,
    isFacts ? position.factSequence : 0n,
    accountsChecked,
    entriesChecked,
    verifiedUpToMs ?? null,
  ];
}
