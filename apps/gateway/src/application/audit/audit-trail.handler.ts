import type { auditV1 } from '@steelyard/contracts/grpc';
import { callerName, type Caller } from '@steelyard/rest/access';
import type { AuditTrailPort } from '@steelyard/rest/audit';
import type { Refused } from '@steelyard/rest/refusals';

export interface ErasePersonalDataRequest {
  readonly subject: string;
  readonly reason: string;
}

/** Reads, verifies and, as far as persons are concerned, erases the audit trail. */
export class AuditTrailHandler {
  constructor(private readonly trail: AuditTrailPort) {}

  list(request: auditV1.ListAuditRecordsRequest): Promise<auditV1.ListAuditRecordsResponse | Refused> {
    return this.trail.list(request);
  }

  /** An empty cursor is the beginning. */
  verify(cursor: string): Promise<auditV1.VerifyAuditTrailResponse | Refused> {
    return this.trail.verify(cursor);
  }

  erase(
    caller: Caller,
    request: ErasePersonalDataRequest,
  ): Promise<auditV1.ErasePersonalDataResponse | Refused> {
    return this.trail.erase({ ...request, performedBy: callerName(caller) });
  }
}
