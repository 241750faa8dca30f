import type { auditV1 } from '@steelyard/contracts/grpc';

/** What became of events that were sent. */
export type Shipment = 'recorded' | 'refused';

/** Events on their way to the audit trail, kept until it has them. Every method throws an outage when it cannot be reached. */
export abstract class AuditOutbox {
  /** Keeps events durably. */
  abstract add(events: readonly auditV1.AuditEvent[]): Promise<void>;

  /**
   * Takes the oldest events that no other process is sending, and drops them once `send` has returned: those that
   * it says were refused are kept aside instead. When it throws they stay. How many it took.
   */
  abstract ship(
    limit: number,
    send: (events: readonly auditV1.AuditEvent[]) => Promise<readonly Shipment[]>,
  ): Promise<number>;
}
