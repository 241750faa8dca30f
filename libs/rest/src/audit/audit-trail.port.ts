import type { auditV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '../refusals/refused.js';

/** The audit trail of the ledger app. Throws an outage when it cannot answer; a refusal is a value. */
export abstract class AuditTrailPort {
  abstract list(
    request: auditV1.ListAuditRecordsRequest,
  ): Promise<auditV1.ListAuditRecordsResponse | Refused>;
  abstract record(
    events: readonly auditV1.AuditEvent[],
  ): Promise<auditV1.RecordAuditEventsResponse | Refused>;
  abstract erase(
    request: auditV1.ErasePersonalDataRequest,
  ): Promise<auditV1.ErasePersonalDataResponse | Refused>;
  abstract verify(cursor: string): Promise<auditV1.VerifyAuditTrailResponse | Refused>;
}
