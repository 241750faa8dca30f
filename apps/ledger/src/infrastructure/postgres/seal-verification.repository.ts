import { inTransaction } from '@steelyard/platform/postgres';
import { isReadRefusal } from '../../application/read-refusal.js';
import {
  decodeSealWalkCursor,
  encodeSealWalkCursor,
} from '../../application/verify-seals/seal-walk-cursor.js';
import { SEAL_WALK_START } from '../../application/verify-seals/seal-walk.js';
import {
  SealVerificationStore,
  type SealVerificationProgress,
} from '../../application/verify-seals/seal-verification-store.port.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';

interface ProgressRow {
  readonly started_at_ms: bigint;
  readonly cursor: string;
  readonly seals_checked: bigint;
  readonly entries_checked: bigint;
  readonly verified_up_to_ms: bigint | null;
}

const BEGIN_SEAL_VERIFICATION = {
  name: 'begin_seal_verification',
  text: `insert into ledger.seal_verification (only_row, started_at_ms, cursor, seals_checked, entries_checked)
         values (true, $1, '', 0, 0) on conflict do nothing`,
};

/** Locks the only row until the piece is done. No row: another process has it. */
const LOCK_SEAL_VERIFICATION = {
  name: 'lock_seal_verification',
  text: `select started_at_ms, cursor, seals_checked, entries_checked, verified_up_to_ms
         from ledger.seal_verification for update skip locked`,
};

const SAVE_SEAL_VERIFICATION = {
  name: 'save_seal_verification',
  text: `update ledger.seal_verification
         set started_at_ms = $1, cursor = $2, seals_checked = $3, entries_checked = $4, verified_up_to_ms = $5`,
};

const READ_SEALS_VERIFIED = {
  name: 'read_seals_verified',
  text: 'select verified_up_to_ms from ledger.seal_verification',
};

/** The progress is one row, and whoever holds its lock walks on: the lock ends with its transaction. */
export class SealVerificationRepository extends SealVerificationStore {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async advance(
    nowMs: number,
    work: (progress: SealVerificationProgress) => Promise<SealVerificationProgress>,
  ): Promise<boolean> {
    const { pool } = this.database;
    await pool.query({ ...BEGIN_SEAL_VERIFICATION, values: [nowMs] });
    return inTransaction(
      pool,
      async (client) => {
        const { rows } = await client.query<ProgressRow>(LOCK_SEAL_VERIFICATION);
        const [row] = rows;
        if (row === undefined) return false;
        const moved = await work(progressOf(row));
        await client.query({ ...SAVE_SEAL_VERIFICATION, values: valuesOf(moved) });
        return true;
      },
      // The work is long, and its next turn does the same again.
      { attemptsMax: 1 },
    );
  }

  override async verifiedUpToMs(): Promise<number | undefined> {
    const { rows } =
      await this.database.pool.query<Pick<ProgressRow, 'verified_up_to_ms'>>(READ_SEALS_VERIFIED);
    const verified = rows[0]?.verified_up_to_ms ?? undefined;
    return verified === undefined ? undefined : toMs(verified);
  }
}

function progressOf(row: ProgressRow): SealVerificationProgress {
  const position = decodeSealWalkCursor(row.cursor);
  return {
    startedAtMs: toMs(row.started_at_ms),
    // What no release wrote: the walk begins anew.
    position: isReadRefusal(position) ? SEAL_WALK_START : position,
    sealsChecked: row.seals_checked,
    entriesChecked: row.entries_checked,
    verifiedUpToMs: row.verified_up_to_ms === null ? undefined : toMs(row.verified_up_to_ms),
  };
}

function valuesOf(progress: SealVerificationProgress): unknown[] {
  const { startedAtMs, position, sealsChecked, entriesChecked, verifiedUpToMs } = progress;
  const cursor = encodeSealWalkCursor(position);
  return [startedAtMs, cursor, sealsChecked, entriesChecked, verifiedUpToMs ?? null];
}
