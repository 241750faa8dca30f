import type { SealWalkPosition } from './seal-walk.js';

/** How far the background walk over all seals came; it survives restarts. */
export interface SealVerificationProgress {
  readonly startedAtMs: number;
  readonly position: SealWalkPosition;
  readonly sealsChecked: bigint;
  readonly entriesChecked: bigint;
  /** When the last complete walk began. */
  readonly verifiedUpToMs: number | undefined;
}

export abstract class SealVerificationStore {
  /**
   * Gives the progress to `work` and stores what it returns, in one transaction that keeps other processes out.
   * False, and nothing done, when another process is at it. `nowMs` is when the first walk began, if this is it.
   */
  abstract advance(
    nowMs: number,
    work: (progress: SealVerificationProgress) => Promise<SealVerificationProgress>,
  ): Promise<boolean>;

  /** When the last complete walk began; undefined before its end. */
  abstract verifiedUpToMs(): Promise<number | undefined>;
}
