import { Counter, type Registry } from 'prom-client';
import type { Logger } from '@steelyard/platform/observability';
import { IncidentObserver } from '../application/incidents/incident-observer.port.js';
import { INCIDENT_TYPES, type Incident } from '../application/incidents/incident-log.js';

/** Says what was found in the log, once each, and counts it. Amounts stay in the incident itself. */
export class IncidentAnnouncer extends IncidentObserver {
  private readonly openings: Counter<'type'>;
  private readonly endings: Counter<'type'>;

  constructor(
    private readonly logger: Logger,
    registry: Registry,
  ) {
    super();
    const registers = [registry];
    this.openings = new Counter({
      name: 'ledger_incidents_opened_total',
      help: 'Incidents that this process opened',
      labelNames: ['type'],
      registers,
    });
    this.endings = new Counter({
      name: 'ledger_incidents_resolved_total',
      help: 'Incidents that this process closed',
      labelNames: ['type'],
      registers,
    });
    for (const type of INCIDENT_TYPES) {
      this.openings.inc({ type }, 0);
      this.endings.inc({ type }, 0);
    }
  }

  override opened(incident: Incident): void {
    this.openings.inc({ type: incident.type });
    const { foundBy, entryId, reason } = incident;
    const firstInvalidSequence = incident.sequence.toString();
    this.logger.error({ ...named(incident), foundBy, firstInvalidSequence, entryId, reason }, incident.type);
  }

  override resolved(incident: Incident): void {
    this.endings.inc({ type: incident.type });
    this.logger.info({ ...named(incident), resolution: incident.resolution }, `${incident.type}.resolved`);
  }
}

function named({ incidentId, bucket, accountId }: Incident): Record<string, string | number> {
  return { incidentId, bucket, accountId };
}
