import { OutageError } from '@steelyard/platform/outage';
import type { Clock } from '../clock.port.js';
import type { Deployment } from '../deployment.port.js';
import type { Incident, IncidentLog } from '../incidents/incident-log.js';
import { isReadRefusal } from '../read-refusal.js';
import { FIRST_ACCOUNT, walkAccounts, type AccountsWalked } from '../reconcile-accounts/account-walk.js';
import { driftFaults, suspicionOf } from '../reconciliation/account-difference.js';
import type { AccountRepair } from '../reconciliation/account-repair.js';
import type { AccountState, AccountStateReads } from '../reconciliation/account-state.port.js';
import type { SuspectChains } from '../reconciliation/suspect-chains.js';
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
  readonly chains: SuspectChains;
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
  /** What is known to be wrong may take half of the time: however much that is, the round goes on. */
  readonly maySettle: () => boolean;
}

/**
 * Compares all accounts with the ledger, over and over: an account's row, its last entry, where its chain was proven
 * to end, and its open reservations, in one snapshot. It finds what no new fact touches. What speaks against a chain
 * is proved, and is an integrity failure; a row that says something else than a right chain, or than the open
 * reservations, has drifted and is put right. Each call takes the next piece, whichever process makes it, and first
 * looks again at what any check has reported and nobody has resolved.
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
    const until = (endMs: number) => () => this.clock.nowMs() < endMs;
    const { budgetMs } = request;
    const bounds = { mayGoOn: until(nowMs + budgetMs), maySettle: until(nowMs + budgetMs / 2) };
    await this.parts.progress.advance(nowMs, (progress) =>
      this.advance(progress, { ...request, step, ...bounds }),
    );
    return step;
  }

  private async advance(progress: ReconciliationProgress, piece: Piece): Promise<ReconciliationProgress> {
    await this.parts.chains.retryMarked(this.clock.nowMs() - piece.cycleMs, piece.maySettle);
    await this.reviewDrifts(piece);
    // Between two rounds: the next one is not due yet.
    if (progress.startedAtMs > this.clock.nowMs()) return progress;
    const walked = await walkAccounts(this.parts.states, progress.position, {
      buckets: this.deployment.buckets(),
      accountsMax: ACCOUNTS_PER_PIECE_MAX,
      mayGoOn: piece.mayGoOn,
      visit: (state) => this.compare(state, piece),
    });
    piece.step.accountsChecked = walked.accountsChecked;
    piece.step.isRoundComplete = walked.position === undefined;
    return this.progressAfter(progress, piece, walked);
  }

  /**
   * Of the accounts that are known to have drifted: those that agree are over, the others are restored. Not where the
   * chain is known not to hold: proving it may take long, and that waits for the round.
   */
  private async reviewDrifts(piece: Piece): Promise<void> {
    const broken = new Set((await this.openIncidents('integrity_failure')).map(keyOf));
    for (const incident of await this.openIncidents('drift')) {
      if (!piece.maySettle()) return;
      const [state] = await this.parts.states.statesOf(incident.accountId, [incident.bucket]);
      if (state === undefined) continue;
      if (driftFaults(state).length === 0) await this.parts.repair.resolve(state);
      else if (piece.mode === 'repair' && !broken.has(keyOf(incident))) await this.compare(state, piece);
    }
  }

  private openIncidents(type: Incident['type']): Promise<readonly Incident[]> {
    return this.parts.incidents.list({ type, isOpen: true, limit: OPEN_INCIDENTS_MAX });
  }

  private async compare(state: AccountState, { mode, step, mayGoOn }: Piece): Promise<void> {
    const { chains, repair } = this.parts;
    const suspicion = suspicionOf(state);
    const isChainWrong = suspicion !== undefined && (await chains.isWrong(suspicion, mayGoOn));
    if (driftFaults(state).length === 0) return;
    step.drifted += 1;
    await repair.report(state);
    if (mode === 'report') return;
    const isRepaired = isChainWrong ? undefined : await this.restore(state);
    if (isRepaired === undefined) step.unrepaired += 1;
    else if (isRepaired) step.repaired += 1;
  }

  /** False: it agrees by now. Undefined: it cannot be restored. */
  private async restore(state: AccountState): Promise<boolean | undefined> {
    const { chains, repair } = this.parts;
    if (!(await chains.isRight(state))) return undefined;
    try {
      const restored = await repair.restore({ state, chainFault: undefined }, ATTRIBUTION);
      return isReadRefusal(restored) ? undefined : restored;
    } catch (error) {
      // Reported it is: the next piece finds it again. The round goes on without the balance app.
      if (!(error instanceof OutageError)) throw error;
      return undefined;
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
