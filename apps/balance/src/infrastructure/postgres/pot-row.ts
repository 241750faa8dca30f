import { invariant } from '@steelyard/domain/result';
import { potSeatsFromJson, potSeatsToJson, type Pot, type PotStatus } from '@steelyard/domain/tables';
import { toMs } from './account-row.js';

/** A row of balance.pots as the driver gives it. */
export interface PotRow {
  bucket: number;
  table_id: string;
  hand_id: string;
  currency: string;
  status: number;
  seats: string;
  rake: bigint;
  version: bigint;
  created_at_ms: bigint;
  updated_at_ms: bigint;
}

/** Of `pot`, in a select. */
export const POT_COLUMNS = `
  pot.bucket, pot.table_id, pot.hand_id, pot.currency, pot.status, pot.seats, pot.rake, pot.version,
  pot.created_at_ms, pot.updated_at_ms`;

const STATUS_NUMBERS: Readonly<Record<PotStatus, number>> = { ACTIVE: 1, SETTLED: 2, CANCELLED: 3 };
const STATUSES: Readonly<Record<number, PotStatus>> = { 1: 'ACTIVE', 2: 'SETTLED', 3: 'CANCELLED' };

export function potOfRow(row: PotRow): Pot {
  const status = STATUSES[row.status];
  invariant(status, `pot row: unknown status ${row.status}`);
  return {
    bucket: row.bucket,
    tableId: row.table_id,
    handId: row.hand_id,
    currency: row.currency,
    status,
    seats: potSeatsFromJson(row.seats),
    rake: row.rake,
    version: row.version,
    createdAtMs: toMs(row.created_at_ms),
    updatedAtMs: toMs(row.updated_at_ms),
  };
}

/** Whole rows as JSON for jsonb_populate_recordset; amounts as texts of digits, which it reads exactly. */
export function potRowsJson(pots: readonly Pot[]): string {
  return JSON.stringify(
    pots.map((pot) => ({
      bucket: pot.bucket,
      table_id: pot.tableId,
      hand_id: pot.handId,
      currency: pot.currency,
      status: STATUS_NUMBERS[pot.status],
      seats: potSeatsToJson(pot.seats),
      rake: pot.rake.toString(),
      version: pot.version.toString(),
      created_at_ms: pot.createdAtMs,
      updated_at_ms: pot.updatedAtMs,
    })),
  );
}
