import {
  IncidentLog,
  type FoundIncident,
  type Incident,
  type IncidentFilter,
  type IncidentKey,
  type IncidentSource,
} from './incident-log.js';
import type { IncidentObserver } from './incident-observer.port.js';

/** The same log, telling an observer what it opened and closed. */
export class ObservedIncidents extends IncidentLog {
  constructor(
    private readonly log: IncidentLog,
    private readonly observer: IncidentObserver,
  ) {
    super();
  }

  override async report(found: readonly FoundIncident[]): Promise<readonly Incident[]> {
    const opened = await this.log.report(found);
    for (const incident of opened) this.observer.opened(incident);
    return opened;
  }

  override async resolve(
    key: IncidentKey,
    resolution: string,
    foundBy?: readonly IncidentSource[],
  ): Promise<Incident | undefined> {
    const resolved = await this.log.resolve(key, resolution, foundBy);
    if (resolved !== undefined) this.observer.resolved(resolved);
    return resolved;
  }

  override amend(incidentId: string, resolution: string): Promise<void> {
    return this.log.amend(incidentId, resolution);
  }

  override list(filter: IncidentFilter): Promise<readonly Incident[]> {
    return this.log.list(filter);
  }

  override countOpen(): Promise<bigint> {
    return this.log.countOpen();
  }
}
