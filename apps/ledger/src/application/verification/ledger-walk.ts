import type { Clock } from '../clock.port.js';
import { CHAIN_START, ChainAudit } from './chain-audit.js';
import { proveChain } from './chain-proof.js';
import type { FactReads } from './fact-reads.port.js';
import type { Finding } from './finding.js';
import { SliceAudit } from './slice-audit.js';
import type { ChainEnds, VerificationReads } from './verification-reads.port.js';
import type { AccountsPosition, FactsPosition, WalkPosition } from './walk-position.js';

/** Facts a statement, each with an entry or more: some 10 ms of proving, so that other requests do not wait long. */
const FACTS_PER_SLICE = 500;
/** Accounts whose ends are read at once. */
const ACCOUNTS_PER_PAGE = 500;

export interface WalkBounds {
  readonly buckets: number;
  readonly accountsMax: number;
  /** No new slice begins after this instant. */
  readonly deadlineMs: number;
}

export interface WalkStep {
  /** Where to go on; undefined when the whole ledger was walked. */
  readonly position: WalkPosition | undefined;
  /** Accounts whose ends agree or do not: an account of the platform counts once a bucket. */
  readonly accountsChecked: number;
  readonly entriesChecked: bigint;
  readonly findings: readonly Finding[];
}

/**
 * Verifies the whole ledger piece by piece, in constant memory; each piece says where the next one begins. Of a bucket
 * it compares each account with its last entry, then proves all facts with their entries in the order in which they were
 * written: that is the order in which the database gives them away most cheaply, and sums of transactions come with it.
 */
export class LedgerWalk {
  private readonly slices: SliceAudit;

  constructor(
    private readonly chains: VerificationReads,
    private readonly facts: FactReads,
    private readonly clock: Clock,
  ) {
    this.slices = new SliceAudit(chains, facts);
  }

  /** Walks on from `start` until a bound is met. */
  async advance(start: WalkPosition, bounds: WalkBounds): Promise<WalkStep> {
    let walked = await this.piece(start, bounds);
    while (
      walked.position !== undefined &&
      walked.accountsChecked < bounds.accountsMax &&
      this.clock.nowMs() < bounds.deadlineMs
    ) {
      const accountsMax = bounds.accountsMax - walked.accountsChecked;
      walked = joined(walked, await this.piece(walked.position, { ...bounds, accountsMax }));
    }
    return walked;
  }

  private piece(position: WalkPosition, bounds: WalkBounds): Promise<WalkStep> {
    return position.step === 'accounts'
      ? this.compareEnds(position, bounds)
      : this.proveFacts(position, bounds);
  }

  private async compareEnds({ bucket, accountId }: AccountsPosition, bounds: WalkBounds): Promise<WalkStep> {
    const limit = Math.min(ACCOUNTS_PER_PAGE, bounds.accountsMax);
    const page = await this.chains.endsAfter(bucket, accountId, limit);
    const findings: Finding[] = [];
    for (const ends of page) findings.push(...(await this.judgeEnds(ends, bounds.deadlineMs)));
    const last = page.length < limit ? undefined : page.at(-1);
    return {
      position:
        last === undefined
          ? { step: 'facts', bucket, factSequence: 0n }
          : { step: 'accounts', bucket, accountId: last.accountId },
      accountsChecked: page.length,
      entriesChecked: 0n,
      findings,
    };
  }

  /** Ends that do not agree may say that the chain is wrong before: it is proved by itself, if there is time. */
  private async judgeEnds(ends: ChainEnds, deadlineMs: number): Promise<readonly Finding[]> {
    const { finding } = new ChainAudit(ends, ends.last).finish();
    if (finding === undefined || finding.drift !== undefined) return finding === undefined ? [] : [finding];
    const mayGoOn = (): boolean => this.clock.nowMs() < deadlineMs;
    const { verdict } = await proveChain(this.chains, ends, { mayGoOn });
    if (verdict === undefined) return [{ ...finding, restart: CHAIN_START }];
    return verdict.finding === undefined ? [] : [verdict.finding];
  }

  /** Slice by slice; the next one is read while one is proved. */
  private async proveFacts({ bucket, factSequence }: FactsPosition, bounds: WalkBounds): Promise<WalkStep> {
    let slice = await this.facts.slice(bucket, factSequence, FACTS_PER_SLICE);
    let entriesChecked = 0n;
    const findings: Finding[] = [];
    for (;;) {
      const { through, head } = slice;
      // A head that was set back lies before where the walk already is.
      const isDone = through >= head;
      const mayGoOn = !isDone && this.clock.nowMs() < bounds.deadlineMs;
      const following = mayGoOn ? this.facts.slice(bucket, through, FACTS_PER_SLICE) : undefined;
      // Its failure is met where it is awaited, or does not matter any more.
      following?.catch(() => undefined);
      const verdict = await this.slices.audit(slice);
      entriesChecked += verdict.entriesChecked;
      findings.push(...verdict.findings);
      if (isDone) findings.push(...(await this.slices.auditOutcasts(bucket)));
      if (following === undefined) {
        const next: WalkPosition = { step: 'facts', bucket, factSequence: through };
        const position = isDone ? behindBucket(bucket, bounds) : next;
        return { position, accountsChecked: 0, entriesChecked, findings };
      }
      slice = await following;
    }
  }
}

function behindBucket(bucket: number, { buckets }: WalkBounds): WalkPosition | undefined {
  return bucket + 1 < buckets ? { step: 'accounts', bucket: bucket + 1, accountId: '' } : undefined;
}

function joined(before: WalkStep, after: WalkStep): WalkStep {
  return {
    position: after.position,
    accountsChecked: before.accountsChecked + after.accountsChecked,
    entriesChecked: before.entriesChecked + after.entriesChecked,
    findings: [...before.findings, ...after.findings],
  };
}
