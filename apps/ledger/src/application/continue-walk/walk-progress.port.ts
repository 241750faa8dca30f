import type { WalkPosition } from '../verification/walk-position.js';

/** How far the background walk over the whole ledger came; it survives restarts. */
export interface WalkProgress {
  /** Counts walks, from 1. */
  readonly walk: bigint;
  readonly startedAtMs: number;
  readonly position: WalkPosition;
  readonly accountsChecked: bigint;
  readonly entriesChecked: bigint;
  /** When the last complete walk began. */
  readonly verifiedUpToMs: number | undefined;
}

/** Where the walk's progress is kept. */
export abstract class WalkProgressStore {
  /**
   * Gives the progress to `work` and stores what it returns, if anything, in one transaction that keeps other
   * processes out. False, and nothing done, when another process is at it. `nowMs` is when the first walk began, if this is it.
   */
  abstract advance(
    nowMs: number,
    work: (progress: WalkProgress) => Promise<WalkProgress | undefined>,
  ): Promise<boolean>;

  /** What is known so far. */
  abstract summary(): Promise<WalkSummary>;
}

export interface WalkSummary {
  readonly verifiedUpToMs: number | undefined;
  readonly accountsChecked: bigint;
  /** With an open incident. */
  readonly invalidAccounts: bigint;
  readonly driftedAccounts: bigint;
}
