import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { Clock } from './application/clock.port.js';
import type { IncidentLog } from './application/incidents/incident-log.js';
import { ListIncidentsHandler } from './application/incidents/list-incidents.handler.js';
import { ObservedIncidents } from './application/incidents/observed-incidents.js';
import { IncidentRepository } from './infrastructure/postgres/incident.repository.js';
import type { LedgerDatabase } from './infrastructure/postgres/ledger-database.js';
import { IncidentAnnouncer } from './jobs/incident-announcer.js';

export interface Incidents {
  /** For whoever finds something wrong. */
  readonly incidents: IncidentLog;
  readonly listIncidents: ListIncidentsHandler;
}

/** The log of incidents over PostgreSQL; their beginnings and ends are logged and counted. */
export function composeIncidents(
  database: LedgerDatabase,
  clock: Clock,
  runtime: Pick<AppRuntime, 'logger' | 'metrics'>,
): Incidents {
  const announcer = new IncidentAnnouncer(runtime.logger, runtime.metrics);
  const incidents = new ObservedIncidents(new IncidentRepository(database, clock), announcer);
  return { incidents, listIncidents: new ListIncidentsHandler(incidents) };
}
