import type { AccountPosition } from '../reconcile-accounts/account-walk.js';

export interface ReconciliationCounts {
  /** Rows: an account of the platform has one a bucket. */
  readonly accountsChecked: bigint;
  readonly drifted: bigint;
  readonly repaired: bigint;
}

/** How far the background reconciliation of all accounts came; it survives restarts. */
export interface ReconciliationProgress extends ReconciliationCounts {
  /** Counts rounds over all accounts, from 1. */
  readonly round: bigint;
  /** When the round began, or will begin at the earliest. */
  readonly startedAtMs: number;
  readonly position: AccountPosition;
  /** The last round that was finished. */
  readonly completed: CompletedRound | undefined;
}

export interface CompletedRound extends ReconciliationCounts {
  readonly startedAtMs: number;
  readonly completedAtMs: number;
}

/** Where the progress is kept. */
export abstract class ReconciliationProgressStore {
  /**
   * Gives the progress to `work` and stores what it returns, in one transaction that keeps other processes out.
   * False, and nothing done, when another process is at it. `nowMs` is when the first round began, if this is it.
   */
  abstract advance(
    nowMs: number,
    work: (progress: ReconciliationProgress) => Promise<ReconciliationProgress>,
  ): Promise<boolean>;
}
