import type { Clock } from '../clock.port.js';
import type { Deployment } from '../deployment.port.js';
import type { Finding } from '../verification/finding.js';
import type { FindingLog } from '../verification/finding-log.js';
import type { LedgerWalk, WalkStep } from '../verification/ledger-walk.js';
import { WALK_START } from '../verification/walk-position.js';
import type { WalkProgress, WalkProgressStore } from './walk-progress.port.js';

/** The time budget ends a piece first on all but the emptiest of ledgers. */
const ACCOUNTS_PER_PIECE_MAX = 100_000;

export interface WalkContinued {
  /** False: another process is at it. */
  readonly isMine: boolean;
  readonly isWalkComplete: boolean;
  readonly accountsChecked: number;
  readonly entriesChecked: bigint;
  readonly findings: readonly Finding[];
}

const NOTHING: WalkContinued = {
  isMine: false,
  isWalkComplete: false,
  accountsChecked: 0,
  entriesChecked: 0n,
  findings: [],
};

/** Walks on over all accounts, over and over: each call takes the next piece, whichever process makes it. */
export class ContinueWalkHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly store: WalkProgressStore,
    private readonly walk: LedgerWalk,
    private readonly findings: FindingLog,
    private readonly clock: Clock,
  ) {}

  /** `cycleMs`: no walk begins earlier than so long after the one before began. */
  async execute(request: { readonly budgetMs: number; readonly cycleMs: number }): Promise<WalkContinued> {
    let continued = NOTHING;
    const nowMs = this.clock.nowMs();
    await this.store.advance(nowMs, async (stored) => {
      const progress = begun(stored, nowMs);
      if (isResting(progress, nowMs - request.cycleMs)) return undefined;
      const step = await this.walk.advance(progress.position, {
        buckets: this.deployment.buckets(),
        accountsMax: ACCOUNTS_PER_PIECE_MAX,
        deadlineMs: nowMs + request.budgetMs,
      });
      const { accountsChecked, entriesChecked, findings, position } = step;
      const isWalkComplete = position === undefined;
      // Before the progress is stored: found twice is better than never.
      await this.findings.record(findings, 'walk');
      if (isWalkComplete) await this.findings.closeUnseen(progress.startedAtMs);
      continued = { isMine: true, isWalkComplete, accountsChecked, entriesChecked, findings };
      return this.outcome(progress, step);
    });
    return continued;
  }

  private outcome(progress: WalkProgress, step: WalkStep): WalkProgress {
    const accountsChecked = progress.accountsChecked + BigInt(step.accountsChecked);
    const entriesChecked = progress.entriesChecked + step.entriesChecked;
    return step.position === undefined
      ? nextWalk(progress, this.clock.nowMs())
      : { ...progress, position: step.position, accountsChecked, entriesChecked };
  }
}

/** A walk that rested until now begins now. */
function begun(progress: WalkProgress, nowMs: number): WalkProgress {
  return isAtStart(progress) ? { ...progress, startedAtMs: nowMs } : progress;
}

function isResting(progress: WalkProgress, beginsAfterMs: number): boolean {
  const { verifiedUpToMs } = progress;
  return isAtStart(progress) && verifiedUpToMs !== undefined && verifiedUpToMs > beginsAfterMs;
}

function isAtStart({ position }: WalkProgress): boolean {
  const { bucket, step } = position;
  return bucket === 0 && step === 'accounts' && position.accountId === '';
}

function nextWalk(done: WalkProgress, startedAtMs: number): WalkProgress {
  return {
    walk: done.walk + 1n,
    startedAtMs,
    position: WALK_START,
    accountsChecked: 0n,
    entriesChecked: 0n,
    verifiedUpToMs: done.startedAtMs,
  };
}
