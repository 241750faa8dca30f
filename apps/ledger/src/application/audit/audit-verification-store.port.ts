import type { AuditHead } from '@steelyard/domain/audit';
import type { AuditWalkPosition } from './audit-walk.js';

/** How far the background walk over all chains of the trail came; it survives restarts. */
export interface AuditRound {
  readonly startedAtMs: number;
  readonly position: AuditWalkPosition;
  readonly recordsChecked: bigint;
  /** When the last complete walk began. */
  readonly verifiedUpToMs: number | undefined;
}

export interface AuditVerificationState {
  readonly round: AuditRound;
  /** The buckets whose chains do not end where they were verified as they came in, and where that is. */
  readonly behind: readonly AuditWalkPosition[];
}

export interface AuditVerificationMoved {
  readonly round: AuditRound;
  /** Through where chains are verified now, by bucket; those without news are left out. */
  readonly proven: ReadonlyMap<number, AuditHead>;
}

/** Where the progress of the background verification is kept. */
export abstract class AuditVerificationStore {
  /**
   * Gives the progress to `work` and stores what it returns, in one transaction that keeps other processes out.
   * False, and nothing done, when another process is at it. `nowMs` is when the first walk began, if this is it.
   */
  abstract advance(
    nowMs: number,
    work: (state: AuditVerificationState) => Promise<AuditVerificationMoved>,
  ): Promise<boolean>;

  /** Records that were not verified since they came in. */
  abstract recordsUnverified(): Promise<bigint>;
}
