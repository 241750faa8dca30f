import type { auditV1 } from '@steelyard/contracts/grpc';
import type { Logger } from '@steelyard/platform/observability';
import { isRefused } from '../refusals/refused.js';
import type { AuditOutbox, Shipment } from './audit-outbox.port.js';
import type { AuditRecorder } from './audit-recorder.js';
import type { AuditTrailPort } from './audit-trail.port.js';

/** As many as one call of the audit trail takes; below what NATS carries in a message. */
const EVENTS_PER_CALL_MAX = 500;
/** A backlog is worked off over many turns: shutting down must not wait for all of it. */
const CALLS_PER_TURN_MAX = 20;

/** Sends what the outbox holds to the audit trail. */
export class ShipAuditEventsHandler {
  constructor(
    private readonly outbox: AuditOutbox,
    private readonly recorder: AuditRecorder,
    private readonly trail: AuditTrailPort,
    private readonly logger: Logger,
  ) {}

  /** True: there is more. @throws OutageError when outbox or trail are away; nothing is lost. */
  async execute(): Promise<boolean> {
    await this.recorder.flush();
    for (let call = 1; call <= CALLS_PER_TURN_MAX; call++) {
      const taken = await this.outbox.ship(EVENTS_PER_CALL_MAX, (events) => this.#send(events));
      if (taken < EVENTS_PER_CALL_MAX) return false;
    }
    return true;
  }

  /** Keeps durably what is only in memory. @throws OutageError when that is not possible. */
  flush(): Promise<void> {
    return this.recorder.flush();
  }

  async #send(events: readonly auditV1.AuditEvent[]): Promise<readonly Shipment[]> {
    const answer = await this.trail.record(events);
    if (!isRefused(answer)) return events.map((): Shipment => 'recorded');
    const [only] = events;
    if (only === undefined || events.length > 1) return this.#sendEach(events);
    this.logger.error(
      { eventId: only.eventId, action: only.action, code: answer.code },
      'audit.event.refused',
    );
    return ['refused'];
  }

  /** One that the trail cannot take must not hold up the others. */
  async #sendEach(events: readonly auditV1.AuditEvent[]): Promise<readonly Shipment[]> {
    const shipments: Shipment[] = [];
    for (const event of events) shipments.push(...(await this.#send([event])));
    return shipments;
  }
}
