import type { auditV1 } from '@steelyard/contracts/grpc';
import { RawJson, type Reply } from '@steelyard/rest/replies';

/** A page of records, each as it is chained. */
export function presentRecords({ records, nextCursor }: auditV1.ListAuditRecordsResponse): Reply {
  return { records: records.map(presentRecord), nextCursor: nextCursor === '' ? null : nextCursor };
}

/** The record's own text goes out as it is: with previousChecksum it is what the checksum is over. */
function presentRecord(record: auditV1.AuditRecord): RawJson {
  const { recordJson, previousChecksum, checksum, bucket, sequence, personalJson, personalErased } = record;
  const chained = `,"previousChecksum":"${previousChecksum}","checksum":"${checksum}"`;
  const place = `,"bucket":${bucket},"sequence":${sequence}`;
  return new RawJson(
    `${recordJson.slice(0, -1)}${chained}${place}${personalMembers(personalJson, personalErased)}}`,
  );
}

function personalMembers(json: string, isErased: boolean): string {
  if (json !== '') return `,"personal":${json}`;
  return isErased ? ',"personalErased":true' : '';
}

/** One step of a walk over all records. */
export function presentTrailVerification(step: auditV1.VerifyAuditTrailResponse): Reply {
  return {
    valid: step.faults.length === 0,
    recordsChecked: step.recordsChecked,
    faults: step.faults.map(({ bucket, sequence, reason }) => ({ bucket, sequence, reason })),
    nextCursor: step.nextCursor === '' ? null : step.nextCursor,
  };
}
