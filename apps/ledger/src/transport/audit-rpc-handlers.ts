import type { auditV1 } from '@steelyard/contracts/grpc';
import { auditRecordJson } from '@steelyard/domain/audit';
import type { RpcHandlers } from '@steelyard/platform/rpc';
import type { ListedAuditRecord } from '../application/audit/audit-trail.port.js';
import type { ErasePersonalDataHandler } from '../application/audit/erase-personal-data.handler.js';
import type { ListAuditRecordsHandler } from '../application/audit/list-audit-records.handler.js';
import type { RecordAuditEventsHandler } from '../application/audit/record-audit-events.handler.js';
import type { VerifyAuditTrailHandler } from '../application/audit/verify-audit-trail.handler.js';
import { granted } from './refused-rpc-error.js';

export type AuditRpcHandlers = RpcHandlers<typeof auditV1.AuditServiceService>;

/** The use cases behind the service. */
export interface AuditUseCases {
  readonly listAuditRecords: ListAuditRecordsHandler;
  readonly recordAuditEvents: RecordAuditEventsHandler;
  readonly erasePersonalData: ErasePersonalDataHandler;
  readonly verifyAuditTrail: VerifyAuditTrailHandler;
}

/** What every transport serves. A refusal leaves as RefusedRpcError. */
export function auditRpcHandlers(useCases: AuditUseCases): AuditRpcHandlers {
  return {
    listAuditRecords: async (request) => {
      const { records, nextCursor } = granted(await useCases.listAuditRecords.execute(request));
      return { records: records.map(encodeRecord), nextCursor };
    },
    recordAuditEvents: async ({ events }) => ({
      recorded: granted(await useCases.recordAuditEvents.execute(events)),
    }),
    erasePersonalData: async (request) => ({
      erased: granted(await useCases.erasePersonalData.execute(request)),
    }),
    verifyAuditTrail: async ({ cursor }) => {
      const { recordsChecked, faults, nextCursor } = granted(await useCases.verifyAuditTrail.execute(cursor));
      return { recordsChecked, faults: [...faults], nextCursor };
    },
  };
}

function encodeRecord(record: ListedAuditRecord): auditV1.AuditRecord {
  const { bucket, sequence, personal, previousChecksum, checksum } = record;
  return {
    bucket,
    sequence,
    recordJson: auditRecordJson(record),
    personalJson: typeof personal === 'object' ? personal.json : '',
    personalErased: personal === 'erased',
    previousChecksum,
    checksum,
  };
}
