import type { Clock } from '../../application/clock.port.js';
import type { Incident } from '../../application/incidents/incident-log.js';
import { AlertOutbox } from '../../application/report-alerts/alert-outbox.port.js';
import { incidentOf, type IncidentRow } from './incident.repository.js';
import { ACKNOWLEDGE_INCIDENTS, READ_UNREPORTED_INCIDENTS } from './incidents.sql.js';
import type { LedgerDatabase } from './ledger-database.js';

export class AlertOutboxRepository extends AlertOutbox {
  constructor(
    private readonly database: LedgerDatabase,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async unreported(limit: number): Promise<readonly Incident[]> {
    const unreported = { ...READ_UNREPORTED_INCIDENTS, values: [limit] };
    const { rows } = await this.database.pool.query<IncidentRow>(unreported);
    return rows.map(incidentOf);
  }

  override async acknowledge(incidents: readonly Incident[]): Promise<void> {
    const values = [
      this.clock.nowMs(),
      incidents.map(({ bucket }) => bucket),
      incidents.map(({ incidentId }) => incidentId),
      incidents.map(({ resolvedAtMs }) => resolvedAtMs !== undefined),
    ];
    await this.database.pool.query({ ...ACKNOWLEDGE_INCIDENTS, values });
  }
}
