import { auditV1 } from '@steelyard/contracts/grpc';
import { isOutage, OutageError } from '@steelyard/platform/postgres';
import type { EntityManager } from 'typeorm';
import type { ApiKeyDatabase } from '../api-keys/api-key-database.js';
import { AuditOutbox, type Shipment } from './audit-outbox.port.js';
import {
  ADD_AUDIT_EVENTS,
  DROP_AUDIT_EVENTS,
  KEEP_AUDIT_EVENTS_ASIDE,
  TAKE_AUDIT_EVENTS,
} from './audit-outbox.sql.js';

interface OutboxRow {
  readonly event_id: string;
  readonly event: Buffer;
}

/** The outbox in PostgreSQL, in the schema of the API keys. */
export class AuditOutboxRepository extends AuditOutbox {
  constructor(private readonly database: ApiKeyDatabase) {
    super();
  }

  add(events: readonly auditV1.AuditEvent[]): Promise<void> {
    return outagesTold(() => addAuditEvents(this.database.manager(), events));
  }

  /**
   * The rows stay locked while they are sent, so that several processes send different ones. A process that dies
   * meanwhile gives them back; the audit trail records an event once, however often it is sent.
   */
  ship(
    limit: number,
    send: (events: readonly auditV1.AuditEvent[]) => Promise<readonly Shipment[]>,
  ): Promise<number> {
    return outagesTold(() =>
      this.database.manager().transaction('READ COMMITTED', async (manager) => {
        const rows = await manager.query<OutboxRow[]>(TAKE_AUDIT_EVENTS, [limit]);
        if (rows.length === 0) return 0;
        const shipments = await send(rows.map(({ event }) => auditV1.AuditEvent.decode(event)));
        const idsOf = (shipment: Shipment): string[] =>
          rows.filter((_row, i) => shipments[i] === shipment).map((row) => row.event_id);
        await manager.query(DROP_AUDIT_EVENTS, [idsOf('recorded')]);
        const refused = idsOf('refused');
        if (refused.length > 0) await manager.query(KEEP_AUDIT_EVENTS_ASIDE, [refused]);
        return rows.length;
      }),
    );
  }
}

/** Keeps events within a transaction of the caller's: they are sent if, and only if, it commits. */
export async function addAuditEvents(
  manager: EntityManager,
  events: readonly auditV1.AuditEvent[],
): Promise<void> {
  await manager.query(ADD_AUDIT_EVENTS, [
    events.map(({ eventId }) => eventId),
    events.map((event) => Buffer.from(auditV1.AuditEvent.encode(event).finish())),
  ]);
}

async function outagesTold<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isOutage(error)) throw new OutageError('the audit outbox cannot be reached', { cause: error });
    throw error;
  }
}
