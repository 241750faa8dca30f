import { OutageError } from '@steelyard/platform/outage';
import type { Clock } from '../clock.port.js';
import type { Deployment } from '../deployment.port.js';
import type { Incident, IncidentLog } from '../incidents/incident-log.js';
import { isReadRefusal } from '../read-refusal.js';
import { FIRST_ACCOUNT, walkAccounts, type AccountsWalked } from '../reconcile-accounts/account-walk.js';
import type { AccountRepair } from '../reconciliation/account-repair.js';
import type { AccountState, AccountStateReads } from '../reconciliation/account-state.port.js';
import { driftFaults } from '../reconciliation/drift.js';
import type { ReconciliationProgress, ReconciliationProgressStore } from './reconciliation-progress.port.js';

/** `report`: drift is reported and stays. `repair`: it is restored to the ledger as well. */
export const RECONCILE_MODES = ['report', 'repair'] as const;
export type ReconcileMode = (typeof RECONCILE_MODES)[number];

/** The time budget ends a piece first on all but the emptiest of ledgers. */
const ACCOUNTS_PER_PIECE_MAX = 100_000;
/** Incidents that are looked at in one piece; more wait for those that follow. */
const OPEN_INCIDENTS_MAX = 500;
const ATTRIBUTION = { performedBy: 'steelyard-ledger', reason: 'background reconciliation' };

export interface ReconciliationParts {
  readonly states: AccountStateReads;
  readonly repair: AccountRepair;
  readonly incidents: IncidentLog;
  readonly progress: ReconciliationProgressStore;
}

export interface PieceRequest {
  readonly mode: ReconcileMode;
  readonly budgetMs: number;
  /** No round over all accounts begins earlier than so long after the one before began. */
  readonly cycleMs: number;
}

/** What one piece did. */
export interface ReconciliationStep {
  accountsChecked: number;
  /** Rows that were found drifted. */
  drifted: number;
  repaired: number;
  /** Drifted rows that could not be restored: their chain does not hold, or the balance app was away. */
  unrepaired: number;
  isRoundComplete: boolean;
}

interface Piece extends PieceRequest {
  readonly step: ReconciliationStep;
  readonly mayGoOn: () => boolean;
}

/**
 * Puts right what has drifted: first what any check has reported and nobody has resolved, then it goes on comparing
 * all accounts, over and over: each call takes the next piece, whichever process makes it.
 */
export class ContinueReconciliationHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly parts: ReconciliationParts,
    private readonly clock: Clock,
  ) {}

  async execute(request: PieceRequest): Promise<ReconciliationStep> {
    const step = { accountsChecked: 0, drifted: 0, repaired: 0, unrepaired: 0, isRoundComplete: false };
    const nowMs = this.clock.nowMs();
    const mayGoOn = (): boolean => this.clock.nowMs() < nowMs + request.budgetMs;
    await this.parts.progress.advance(nowMs, (progress) =>
      this.advance(progress, { ...request, step, mayGoOn }),
    );
    return step;
  }

  private async advance(progress: ReconciliationProgress, piece: Piece): Promise<ReconciliationProgress> {
    await this.reviewIncidents(piece);
    // Between two rounds: the next one is not due yet.
    if (progress.startedAtMs > this.clock.nowMs()) return progress;
    const walked = await walkAccounts(this.parts.states, progress.position, {
      buckets: this.deployment.buckets(),
      accountsMax: ACCOUNTS_PER_PIECE_MAX,
      mayGoOn: piece.mayGoOn,
      visit: (state) => (driftFaults(state).length > 0 ? this.reconcile(state, piece) : Promise.resolve()),
    });
    piece.step.accountsChecked = walked.accountsChecked;
    piece.step.isRoundComplete = walked.position === undefined;
    return this.progressAfter(progress, piece, walked);
  }

  /**
   * Of the accounts that are known to have drifted: those that agree are over, the others are restored. Not where the
   * chain is known not to hold: proving it may take long, and that waits for the round.
   */
  private async reviewIncidents(piece: Piece): Promise<void> {
    const broken = new Set((await this.openIncidents('integrity_failure')).map(keyOf));
    for (const incident of await this.openIncidents('drift')) {
      if (!piece.mayGoOn()) return;
      const [state] = await this.parts.states.statesOf(incident.accountId, [incident.bucket]);
      if (state === undefined) continue;
      if (driftFaults(state).length === 0) await this.parts.repair.resolve(state);
      else if (piece.mode === 'repair' && !broken.has(keyOf(incident))) await this.reconcile(state, piece);
    }
  }

  private openIncidents(type: Incident['type']): Promise<readonly Incident[]> {
    return this.parts.incidents.list({ type, isOpen: true, limit: OPEN_INCIDENTS_MAX });
  }

  private async reconcile(state: AccountState, { mode, step }: Piece): Promise<void> {
    const { repair } = this.parts;
    step.drifted += 1;
    if (mode === 'report') {
      await repair.report([state]);
      return;
    }
    try {
      const result = await repair.repair(state, ATTRIBUTION);
      if (isReadRefusal(result)) step.unrepaired += 1;
      else if (result) step.repaired += 1;
    } catch (error) {
      // Reported it is: the next piece finds it again. The walk goes on without the balance app.
      if (!(error instanceof OutageError)) throw error;
      step.unrepaired += 1;
    }
  }

  private progressAfter(
    progress: ReconciliationProgress,
    { step, cycleMs }: Piece,
    { position }: AccountsWalked,
  ): ReconciliationProgress {
    const counts = {
      accountsChecked: progress.accountsChecked + BigInt(step.accountsChecked),
      drifted: progress.drifted + BigInt(step.drifted),
      repaired: progress.repaired + BigInt(step.repaired),
    };
    if (position !== undefined) return { ...progress, ...counts, position };
    const completedAtMs = this.clock.nowMs();
    return {
      round: progress.round + 1n,
      startedAtMs: Math.max(completedAtMs, progress.startedAtMs + cycleMs),
      position: FIRST_ACCOUNT,
      accountsChecked: 0n,
      drifted: 0n,
      repaired: 0n,
      completed: { startedAtMs: progress.startedAtMs, completedAtMs, ...counts },
    };
  }
}

function keyOf({ bucket, accountId }: { readonly bucket: number; readonly accountId: string }): string {
  return `${bucket} ${accountId}`;
}
