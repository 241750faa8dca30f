import { randomUUID } from 'node:crypto';
import type { FactTransaction } from '@steelyard/facts/inbox';
import { levelOf, subjectOf, type AlertChange, type AlertReport } from '../../application/alerts/alert.js';
import {
  CLOSE_ALERT,
  INSERT_OCCURRENCE,
  JOIN_ALERT,
  LOCK_ALERT,
  LOCK_OCCURRENCE,
  LOCK_OPEN_ALERT,
  OPEN_ALERT,
  RESOLVE_OCCURRENCE,
} from './alert.sql.js';

interface OccurrenceRow {
  readonly alert_id: string;
  readonly resolved_at_ms: bigint | null;
}

/** An alert that was open is closed by another transaction at most this often while we try to join it. */
const ATTEMPTS_MAX = 10;

/**
 * Writes reports within a transaction of the caller's; returns what opened and closed. Locks the occurrence, then
 * the alert; those who report several occurrences in another order may deadlock, and are then repeated.
 */
export async function writeReports(
  transaction: FactTransaction,
  reports: readonly AlertReport[],
  nowMs: bigint,
): Promise<readonly AlertChange[]> {
  const changes: AlertChange[] = [];
  // What is over must have begun before: of one occurrence the order stays.
  const ordered = [...reports].sort((a, b) =>
    a.occurrenceId < b.occurrenceId ? -1 : Number(a.occurrenceId > b.occurrenceId),
  );
  for (const report of ordered) changes.push(...(await writeReport(transaction, report, nowMs)));
  return changes;
}

async function writeReport(
  transaction: FactTransaction,
  report: AlertReport,
  nowMs: bigint,
): Promise<readonly AlertChange[]> {
  const alertId = randomUUID();
  const { occurrenceId, isResolved } = report;
  const { rowCount } = await transaction.query({
    ...INSERT_OCCURRENCE,
    values: [occurrenceId, alertId, isResolved ? nowMs : null],
  });
  if (rowCount === 0) return isResolved ? resolve(transaction, report, nowMs) : [];
  if (!isResolved) return open(transaction, report, alertId);
  // Begun and over before anybody told us: it is in the history all the same.
  await insert(transaction, report, { alertId, closedAtMs: nowMs });
  return [changeOf('opened', alertId, report), changeOf('closed', alertId, report)];
}

async function open(
  transaction: FactTransaction,
  report: AlertReport,
  alertId: string,
): Promise<readonly AlertChange[]> {
  const values = [report.type, subjectOf(report)];
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if (await insert(transaction, report, { alertId, closedAtMs: null })) {
      return [changeOf('opened', alertId, report)];
    }
    const { rows } = await transaction.query<{ alert_id: string }>({ ...LOCK_OPEN_ALERT, values });
    const [found] = rows;
    if (found === undefined) continue;
    await transaction.query({ ...JOIN_ALERT, values: [report.occurrenceId, found.alert_id] });
    return [];
  }
  throw new Error(`the alert of ${report.occurrenceId} is opened and closed all the time`);
}

async function resolve(
  transaction: FactTransaction,
  report: AlertReport,
  nowMs: bigint,
): Promise<readonly AlertChange[]> {
  const values = [report.occurrenceId];
  const { rows } = await transaction.query<OccurrenceRow>({ ...LOCK_OCCURRENCE, values });
  const [occurrence] = rows;
  if (occurrence === undefined || occurrence.resolved_at_ms !== null) return [];
  const { alert_id: alertId } = occurrence;
  await transaction.query({ ...LOCK_ALERT, values: [alertId] });
  await transaction.query({ ...RESOLVE_OCCURRENCE, values: [report.occurrenceId, nowMs] });
  const { rowCount } = await transaction.query({ ...CLOSE_ALERT, values: [alertId, nowMs] });
  return rowCount === 0 ? [] : [changeOf('closed', alertId, report)];
}

/** False when an alert of the type and subject is open. */
async function insert(
  transaction: FactTransaction,
  report: AlertReport,
  { alertId, closedAtMs }: { readonly alertId: string; readonly closedAtMs: bigint | null },
): Promise<boolean> {
  const { type, accountId, message, detailJson, occurredAtMs } = report;
  const subject = subjectOf(report);
  const { rowCount } = await transaction.query({
    ...OPEN_ALERT,
    values: [alertId, type, subject, accountId, levelOf(type), message, detailJson, occurredAtMs, closedAtMs],
  });
  return rowCount === 1;
}

function changeOf(kind: AlertChange['kind'], alertId: string, report: AlertReport): AlertChange {
  const { type, accountId, occurrenceId } = report;
  return { kind, alertId, type, accountId, level: levelOf(type), occurrenceId };
}
