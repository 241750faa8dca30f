import type { auditV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import type { Refused } from '../refusals/refused.js';
import { orRefusal } from '../refusals/or-refusal.js';
import { AuditTrailPort } from './audit-trail.port.js';

/** The outbox holds rows locked while it sends them; its connection may not wait longer than some seconds. */
const RECORD_DEADLINE_MS = 3_000;

/** The ledger app's audit trail over gRPC or NATS, whichever the client speaks. */
export class RpcAuditTrailClient extends AuditTrailPort {
  constructor(private readonly rpc: RpcClient<typeof auditV1.AuditServiceService>) {
    super();
  }

  list(request: auditV1.ListAuditRecordsRequest): Promise<auditV1.ListAuditRecordsResponse | Refused> {
    return orRefusal('NOT_FOUND', () => this.rpc.call('listAuditRecords', request));
  }

  record(events: readonly auditV1.AuditEvent[]): Promise<auditV1.RecordAuditEventsResponse | Refused> {
    return orRefusal('NOT_FOUND', () =>
      this.rpc.call('recordAuditEvents', { events: [...events] }, { deadlineMs: RECORD_DEADLINE_MS }),
    );
  }

  erase(request: auditV1.ErasePersonalDataRequest): Promise<auditV1.ErasePersonalDataResponse | Refused> {
    return orRefusal('NOT_FOUND', () => this.rpc.call('erasePersonalData', request));
  }

  verify(cursor: string): Promise<auditV1.VerifyAuditTrailResponse | Refused> {
    return orRefusal('NOT_FOUND', () => this.rpc.call('verifyAuditTrail', { cursor }));
  }
}
