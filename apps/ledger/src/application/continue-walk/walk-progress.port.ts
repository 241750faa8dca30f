import type { Finding } from '../verification/finding.js';
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

/** What one piece of the walk leads to. */
export interface WalkAdvance {
  readonly progress: WalkProgress;
  readonly findings: readonly Finding[];
  readonly foundAtMs: number;
}

/** Where the walk's progress and findings are kept. Findings stay until the walk after theirs is complete. */
export abstract class WalkProgressStore {
  /**
   * Gives the progress to `work` and stores what it returns, in one transaction that keeps other processes out.
   * False, and nothing done, when another process is at it. `nowMs` is when the first walk began, if this is it.
   */
  abstract advance(nowMs: number, work: (progress: WalkProgress) => Promise<WalkAdvance>): Promise<boolean>;

  /** What is known so far; undefined before the first walk. */
  abstract summary(): Promise<WalkSummary | undefined>;
}

export interface WalkSummary {
  readonly verifiedUpToMs: number | undefined;
  readonly accountsChecked: bigint;
  /** Found in the last complete walk or the one in progress. */
  readonly invalidAccounts: bigint;
  readonly driftedAccounts: bigint;
}
