import type { Clock } from '../clock.port.js';
import type { Deployment } from '../deployment.port.js';
import type { Finding } from '../verification/finding.js';
import type { LedgerWalk, WalkStep } from '../verification/ledger-walk.js';
import { WALK_START } from '../verification/walk-position.js';
import type { WalkAdvance, WalkProgress, WalkProgressStore } from './walk-progress.port.js';

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
    private readonly clock: Clock,
  ) {}

  async execute(request: { readonly budgetMs: number }): Promise<WalkContinued> {
    let continued = NOTHING;
    const nowMs = this.clock.nowMs();
    await this.store.advance(nowMs, async (progress) => {
      const step = await this.walk.advance(progress.position, {
        buckets: this.deployment.buckets(),
        accountsMax: ACCOUNTS_PER_PIECE_MAX,
        deadlineMs: nowMs + request.budgetMs,
      });
      const { accountsChecked, entriesChecked, findings, position } = step;
      const isWalkComplete = position === undefined;
      continued = { isMine: true, isWalkComplete, accountsChecked, entriesChecked, findings };
      return this.outcome(progress, step);
    });
    return continued;
  }

  private outcome(progress: WalkProgress, step: WalkStep): WalkAdvance {
    const foundAtMs = this.clock.nowMs();
    const accountsChecked = progress.accountsChecked + BigInt(step.accountsChecked);
    const entriesChecked = progress.entriesChecked + step.entriesChecked;
    const moved =
      step.position === undefined
        ? nextWalk(progress, foundAtMs)
        : { ...progress, position: step.position, accountsChecked, entriesChecked };
    return { progress: moved, findings: step.findings, foundAtMs };
  }
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
