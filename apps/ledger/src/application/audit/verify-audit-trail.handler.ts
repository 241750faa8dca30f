import type { Deployment } from '../deployment.port.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import { decodeAuditWalkCursor, encodeAuditWalkCursor } from './audit-walk-cursor.js';
import type { AuditBucketFault, AuditWalk } from './audit-walk.js';

export interface AuditTrailVerified {
  readonly recordsChecked: bigint;
  /** The first bad record of each chain that does not agree. */
  readonly faults: readonly AuditBucketFault[];
  /** Empty: all chains were walked. */
  readonly nextCursor: string;
}

const RECORDS_PER_CALL_MAX = 20_000;

/** Recomputes the chains of the trail, bucket by bucket, a bounded number of records a call. */
export class VerifyAuditTrailHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly walk: AuditWalk,
  ) {}

  /** Refuses with INVALID_CURSOR. */
  async execute(cursor: string): Promise<AuditTrailVerified | ReadRefusal> {
    const buckets = this.deployment.buckets();
    const start = decodeAuditWalkCursor(cursor, buckets);
    if (isReadRefusal(start)) return start;
    const isEnough = (checked: number): boolean => checked >= RECORDS_PER_CALL_MAX;
    const { recordsChecked, faults, position } = await this.walk.over(start, { buckets, isEnough });
    return { recordsChecked: BigInt(recordsChecked), faults, nextCursor: encodeAuditWalkCursor(position) };
  }
}
