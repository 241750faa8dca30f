import type { AlertOutbox, AlertReceiver } from './alert-outbox.port.js';

/** Incidents in one call: some kilobytes each at most. */
const INCIDENTS_PER_CALL = 100;
/** Calls in one piece of work, however many incidents there are. */
const CALLS_MAX = 10;

/**
 * Tells whoever sends alerts of incidents that began or ended, until it is acknowledged. Told twice when an
 * acknowledgement is lost; the receiver knows incidents by their ids.
 */
export class ReportAlertsHandler {
  constructor(
    private readonly outbox: AlertOutbox,
    private readonly receiver: AlertReceiver,
  ) {}

  /** Returns how many incidents were acknowledged. Throws what a call failed with: nothing is lost by that. */
  async execute(): Promise<number> {
    let acknowledged = 0;
    for (let call = 0; call < CALLS_MAX; call += 1) {
      const incidents = await this.outbox.unreported(INCIDENTS_PER_CALL);
      if (incidents.length === 0) break;
      await this.receiver.report(incidents);
      await this.outbox.acknowledge(incidents);
      acknowledged += incidents.length;
      if (incidents.length < INCIDENTS_PER_CALL) break;
    }
    return acknowledged;
  }
}
