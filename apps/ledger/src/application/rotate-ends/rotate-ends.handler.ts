import type { Clock } from '../clock.port.js';
import type { Incident, IncidentLog } from '../incidents/incident-log.js';
import { CHAIN_START } from '../verification/chain-audit.js';
import type { ChainMarks } from '../verification/chain-marks.port.js';
import type { Finding } from '../verification/finding.js';
import { CHAIN_CHECKS, type FindingLog } from '../verification/finding-log.js';
import type { ChainEnds, VerificationReads } from '../verification/verification-reads.port.js';
import { findingOfEnds } from './ends-finding.js';
import type { MarkedChainAudit } from './marked-chain-audit.js';
import type { RotationProgress, RotationStore } from './rotation-progress.port.js';

/** Accounts whose ends are read at once: some milliseconds of the database's time. */
const ACCOUNTS_PER_PAGE = 500;
/** Chains of one bucket that are proven again in one rotation; the others wait for the next. */
const RETRIES_MAX = 20;
/** Incidents that are looked at for their end; more are closed in the rotations that follow. */
const OPEN_INCIDENTS_MAX = 500;

export interface RotationSchedule {
  readonly budgetMs: number;
  /** Every account is looked at once in this time, if the budget allows. */
  readonly cycleMs: number;
}

export interface EndsRotated {
  readonly accounts: number;
  readonly findings: readonly Finding[];
}

export interface RotationParts {
  readonly reads: VerificationReads;
  readonly store: RotationStore;
  readonly marks: ChainMarks;
  readonly retries: MarkedChainAudit;
  readonly findings: FindingLog;
  readonly incidents: IncidentLog;
}

interface Turn extends RotationSchedule {
  readonly mayGoOn: () => boolean;
  readonly open: ReadonlySet<string>;
  accounts: number;
  readonly findings: Finding[];
}

/**
 * Compares what accounts say of their end with their last entry, bucket after bucket, and proves chains again
 * that were found wrong. It finds what no new fact touches: a balance that was changed by hand, a tail cut off.
 */
export class RotateEndsHandler {
  constructor(
    private readonly parts: RotationParts,
    private readonly clock: Clock,
  ) {}

  async execute(schedule: RotationSchedule): Promise<EndsRotated> {
    const { store } = this.parts;
    const nowMs = this.clock.nowMs();
    const mayGoOn = (): boolean => this.clock.nowMs() < nowMs + schedule.budgetMs;
    const due = await store.due(nowMs);
    if (due.length === 0) return { accounts: 0, findings: [] };
    const open = await this.openDrifts();
    const turn: Turn = { ...schedule, mayGoOn, open, accounts: 0, findings: [] };
    for (const bucket of due) {
      await store.advance(bucket, (progress) => this.bucket(bucket, progress, turn));
      if (!mayGoOn()) break;
    }
    return turn;
  }

  private async openDrifts(): Promise<ReadonlySet<string>> {
    const open = await this.parts.incidents.list({ type: 'drift', isOpen: true, limit: OPEN_INCIDENTS_MAX });
    return new Set(open.map(keyOf));
  }

  private async bucket(bucket: number, progress: RotationProgress, turn: Turn): Promise<RotationProgress> {
    const startedAtMs = progress.startedAtMs ?? this.clock.nowMs();
    // Another process may have finished it since.
    if (progress.startedAtMs === undefined && progress.dueAtMs > startedAtMs) return progress;
    if (progress.startedAtMs === undefined) await this.retry(bucket, turn);
    let { accountId } = progress;
    for (;;) {
      const page = await this.parts.reads.endsAfter(bucket, accountId, ACCOUNTS_PER_PAGE);
      await this.compare(page, turn);
      accountId = page.at(-1)?.accountId ?? accountId;
      if (page.length < ACCOUNTS_PER_PAGE) {
        return { startedAtMs: undefined, dueAtMs: startedAtMs + turn.cycleMs, accountId: '' };
      }
      if (!turn.mayGoOn()) return { startedAtMs, dueAtMs: progress.dueAtMs, accountId };
    }
  }

  private async retry(bucket: number, turn: Turn): Promise<void> {
    for (const chain of await this.parts.marks.marked(bucket, RETRIES_MAX)) {
      const retried = await this.parts.retries.retry(chain, turn.mayGoOn);
      if (typeof retried !== 'string') await this.record(retried, turn);
    }
  }

  private async compare(page: readonly ChainEnds[], turn: Turn): Promise<void> {
    turn.accounts += page.length;
    for (const ends of page) {
      const finding = findingOfEnds(ends);
      if (finding?.drift !== undefined) await this.record(finding, turn);
      else if (finding !== undefined) await this.locate(finding, turn);
      if (finding?.drift === undefined && turn.open.has(keyOf(ends))) await this.settle(ends);
    }
  }

  /** The ends tell that a chain is wrong; proving it tells where it begins to be. */
  private async locate(finding: Finding, turn: Turn): Promise<void> {
    const chain = { bucket: finding.bucket, accountId: finding.accountId, restart: CHAIN_START };
    const retried = await this.parts.retries.retry(chain, turn.mayGoOn);
    if (retried === 'right') return;
    await this.record(retried === 'unfinished' ? finding : retried, turn);
  }

  private async settle({ bucket, accountId }: ChainEnds): Promise<void> {
    const key = { type: 'drift', bucket, accountId } as const;
    await this.parts.incidents.resolve(key, 'the account agrees with its last entry again', CHAIN_CHECKS);
  }

  private async record(finding: Finding, turn: Turn): Promise<void> {
    turn.findings.push(finding);
    await this.parts.findings.record([finding], 'ends');
  }
}

function keyOf({ bucket, accountId }: Pick<Incident, 'bucket' | 'accountId'>): string {
  return `${bucket} ${accountId}`;
}
