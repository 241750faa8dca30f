import type { Incident } from '../incidents/incident-log.js';

/** Incidents whose beginning or end nobody who sends alerts has acknowledged yet. */
export abstract class AlertOutbox {
  /** Oldest first. */
  abstract unreported(limit: number): Promise<readonly Incident[]>;

  /** All that these incidents say was acknowledged. */
  abstract acknowledge(incidents: readonly Incident[]): Promise<void>;
}

/** Who sends alerts. */
export abstract class AlertReceiver {
  /** Safe to repeat: an incident is known by its id. Throws what the call failed with. */
  abstract report(incidents: readonly Incident[]): Promise<void>;
}
