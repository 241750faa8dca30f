import { isAlertType, type AlertReport } from './alert.js';
import type { AlertObserver, AlertStore } from './alert-store.port.js';
import { refuseAlert, type AlertRefusal } from './alert-refusal.js';

/** A report as it comes in. */
export interface ReportInput extends Omit<AlertReport, 'type'> {
  readonly type: string;
}

export interface AlertsReported {
  readonly opened: number;
  readonly closed: number;
}

/** What one transaction can take. */
const REPORTS_MAX = 1_000;
const TEXT_LENGTH_MAX = 512;
const DETAIL_LENGTH_MAX = 64 * 1024;

/** Opens and closes alerts as others report them. */
export class ReportAlertsHandler {
  constructor(
    private readonly store: AlertStore,
    private readonly observer: AlertObserver,
  ) {}

  /** Refuses the whole request with INVALID_REQUEST when one report is malformed. */
  async execute(inputs: readonly ReportInput[]): Promise<AlertsReported | AlertRefusal> {
    if (inputs.length > REPORTS_MAX) return refuseAlert('INVALID_REQUEST', `at most ${REPORTS_MAX} reports`);
    const reports: AlertReport[] = [];
    for (const input of inputs) {
      const report = checked(input);
      if ('kind' in report) return report;
      reports.push(report);
    }
    const changes = await this.store.report(reports);
    for (const change of changes) this.observer.changed(change);
    const opened = changes.filter(({ kind }) => kind === 'opened').length;
    return { opened, closed: changes.length - opened };
  }
}

function checked(input: ReportInput): AlertReport | AlertRefusal {
  const { type, occurrenceId, accountId, message, detailJson, occurredAtMs } = input;
  if (!isAlertType(type)) return invalid(`${type} is no type of alert`);
  if (occurrenceId === '' || occurrenceId.length > TEXT_LENGTH_MAX) {
    return invalid(`occurrence_id has 1 to ${TEXT_LENGTH_MAX} characters`);
  }
  if (accountId.length > TEXT_LENGTH_MAX || message.length > TEXT_LENGTH_MAX) {
    return invalid(`account_id and message have at most ${TEXT_LENGTH_MAX} characters`);
  }
  if (detailJson.length > DETAIL_LENGTH_MAX || !isJsonObjectText(detailJson)) {
    return invalid(`detail_json is a JSON object of at most ${DETAIL_LENGTH_MAX} characters`);
  }
  if (occurredAtMs < 0n) return invalid('occurred_at_ms is not a time');
  return { ...input, type };
}

function invalid(message: string): AlertRefusal {
  return refuseAlert('INVALID_REQUEST', message);
}

function isJsonObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
