import { inTransaction, type ServiceDatabase } from '@steelyard/platform/postgres';
import type {
  Alert,
  AlertChange,
  AlertLevel,
  AlertReport,
  AlertType,
} from '../../application/alerts/alert.js';
import { AlertStore, type AlertQuery } from '../../application/alerts/alert-store.port.js';
import { listAlerts } from './alert.sql.js';
import { writeReports } from './alert-writer.js';

interface AlertRow {
  readonly alert_id: string;
  readonly type: AlertType;
  readonly account_id: string;
  readonly level: AlertLevel;
  readonly message: string;
  readonly detail_json: string;
  readonly opened_at_ms: bigint;
  readonly closed_at_ms: bigint | null;
}

/** Alerts in PostgreSQL. */
export class AlertRepository extends AlertStore {
  constructor(private readonly database: ServiceDatabase) {
    super();
  }

  override report(reports: readonly AlertReport[]): Promise<readonly AlertChange[]> {
    return inTransaction(this.database.pool, (client) => writeReports(client, reports, BigInt(Date.now())));
  }

  override async list(query: AlertQuery): Promise<readonly Alert[]> {
    const { rows } = await this.database.pool.query<AlertRow>(listAlerts(query));
    return rows.map(alertOf);
  }
}

function alertOf(row: AlertRow): Alert {
  const { closed_at_ms: closedAtMs } = row;
  return {
    alertId: row.alert_id,
    type: row.type,
    accountId: row.account_id,
    level: row.level,
    message: row.message,
    detailJson: row.detail_json,
    openedAtMs: row.opened_at_ms,
    ...(closedAtMs === null ? {} : { closedAtMs }),
  };
}
