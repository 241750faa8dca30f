import type { Incident } from './incident-log.js';

/** Told about the beginning and the end of incidents: once each, by the process that wrote it. */
export abstract class IncidentObserver {
  abstract opened(incident: Incident): void;

  abstract resolved(incident: Incident): void;
}
