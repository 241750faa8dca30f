import {
  AuditChainVerifier,
  EMPTY_AUDIT_CHAIN,
  type AuditFault,
  type AuditHead,
} from '@steelyard/domain/audit';
import type { AuditTrail } from './audit-trail.port.js';

/** What to check next: a bucket, and how far its chain is proven already. */
export interface AuditWalkPosition {
  readonly bucket: number;
  readonly proven: AuditHead;
}

export const AUDIT_WALK_START: AuditWalkPosition = { bucket: 0, proven: EMPTY_AUDIT_CHAIN };

/** The first bad record of a bucket's chain. */
export interface AuditBucketFault extends AuditFault {
  readonly bucket: number;
}

/** What one read of one chain showed. */
export interface AuditChainStep {
  readonly checked: number;
  readonly proven: AuditHead;
  readonly fault?: AuditBucketFault;
  /** The chain is done with, because it ended or is broken. */
  readonly isDone: boolean;
}

export interface AuditWalkStep {
  /** Where to go on; undefined when all chains were walked. */
  readonly position: AuditWalkPosition | undefined;
  readonly recordsChecked: number;
  readonly faults: readonly AuditBucketFault[];
  /** Whose chains came to their end and are right. */
  readonly rightBuckets: readonly number[];
}

const RECORDS_PER_READ_MAX = 2_000;

/** Recomputes the chains of the trail, a bounded read at a time. */
export class AuditWalk {
  constructor(private readonly trail: AuditTrail) {}

  /** Walks on over the buckets, at least one read, until it `isEnough` or all chains were walked. */
  async over(
    start: AuditWalkPosition,
    bounds: { readonly buckets: number; readonly isEnough: (recordsChecked: number) => boolean },
  ): Promise<AuditWalkStep> {
    const faults: AuditBucketFault[] = [];
    const rightBuckets: number[] = [];
    let recordsChecked = 0;
    let position = start;
    do {
      const { checked, proven, fault, isDone } = await this.step(position);
      recordsChecked += checked;
      if (fault !== undefined) faults.push(fault);
      else if (isDone) rightBuckets.push(position.bucket);
      position = isDone
        ? { bucket: position.bucket + 1, proven: EMPTY_AUDIT_CHAIN }
        : { bucket: position.bucket, proven };
      if (position.bucket >= bounds.buckets) {
        return { position: undefined, recordsChecked, faults, rightBuckets };
      }
    } while (!bounds.isEnough(recordsChecked));
    return { position, recordsChecked, faults, rightBuckets };
  }

  /** One read of one chain, behind what is proven of it. */
  async step({ bucket, proven }: AuditWalkPosition): Promise<AuditChainStep> {
    const { head, records } = await this.trail.chainPiece(bucket, proven.sequence, RECORDS_PER_READ_MAX);
    const verifier = new AuditChainVerifier(proven);
    let checked = 0;
    for (const record of records) {
      const fault = verifier.next(record);
      checked += 1;
      if (fault !== undefined) {
        return { checked, proven: verifier.head, fault: { bucket, ...fault }, isDone: true };
      }
    }
    if (records.length === RECORDS_PER_READ_MAX) return { checked, proven: verifier.head, isDone: false };
    const fault = setBack(proven, head, records.length) ?? verifier.endFault(head);
    const done = { checked, proven: verifier.head, isDone: true };
    return fault === undefined ? done : { ...done, fault: { bucket, ...fault } };
  }
}

/** A chain that was cut off together with its head is right in itself, but was longer before. */
function setBack(proven: AuditHead, head: AuditHead, following: number): AuditFault | undefined {
  if (following > 0 || head.sequence >= proven.sequence) return undefined;
  const reason = `the chain ends at record ${head.sequence}, and was verified through ${proven.sequence} before`;
  return { sequence: head.sequence + 1n, reason };
}
