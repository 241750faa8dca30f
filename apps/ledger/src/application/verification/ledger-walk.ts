import type { Clock } from '../clock.port.js';
import { feedEntries, SEQUENCE_MAX, SEQUENCE_MIN } from './entry-stream.js';
import type { ChainVerdict, Finding } from './finding.js';
import { PageAudit } from './page-audit.js';
import type { AuditedEntry, ChainEnds, FactFault, VerificationReads } from './verification-reads.port.js';
import type { AccountsPosition, FactsPosition, WalkPosition } from './walk-position.js';

/** Facts a statement, each with two entries or more. */
const FACTS_PER_SLICE = 1_000;
/** Accounts whose ends are read at once: few enough that little is thrown away when the time is up. */
const ACCOUNTS_PER_PAGE = 500;
/** Sorts behind every account id, also behind ids that were never given out: no code point is higher. */
const BEHIND_EVERY_ID = '\u{10ffff}'.repeat(8);

export interface WalkBounds {
  readonly buckets: number;
  readonly accountsMax: number;
  /** No new slice begins after this instant. */
  readonly deadlineMs: number;
}

export interface WalkStep {
  /** Where to go on; undefined when the whole ledger was walked. */
  readonly position: WalkPosition | undefined;
  /** Chains that got their verdict: an account of the platform has one a bucket. */
  readonly accountsChecked: number;
  readonly entriesChecked: bigint;
  readonly findings: readonly Finding[];
}

/** Verifies the whole ledger piece by piece, in constant memory; each piece says where the next one begins. */
export class LedgerWalk {
  constructor(
    private readonly reads: VerificationReads,
    private readonly clock: Clock,
  ) {}

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
    return position.step === 'accounts' ? this.accounts(position, bounds) : this.facts(position, bounds);
  }

  private async accounts(position: AccountsPosition, bounds: WalkBounds): Promise<WalkStep> {
    const { bucket, accountId, proven } = position;
    const limit = Math.min(ACCOUNTS_PER_PAGE, bounds.accountsMax);
    const page = await this.page(position, limit);
    const lastOfPage = page.length < limit ? undefined : page.at(-1)?.accountId;
    const audit = new PageAudit(page, page[0]?.accountId === accountId ? proven : undefined);
    const stoppedAt = await feedEntries(this.reads, audit, {
      bucket,
      after: { accountId, sequence: firstSequence(position) },
      throughAccountId: lastOfPage ?? BEHIND_EVERY_ID,
      mayGoOn: () => this.clock.nowMs() < bounds.deadlineMs,
    });
    if (stoppedAt === undefined) audit.finish();
    return {
      position: stoppedAt === undefined ? behindPage(bucket, lastOfPage) : within(bucket, stoppedAt, audit),
      accountsChecked: audit.verdicts.length,
      entriesChecked: audit.entriesChecked,
      findings: [...findingsOf(audit.verdicts), ...(await this.judgeStrays(bucket, audit.strays))],
    };
  }

  private async page(position: AccountsPosition, limit: number): Promise<readonly ChainEnds[]> {
    const { bucket, accountId, proven } = position;
    if (proven === undefined) return this.reads.endsAfter(bucket, accountId, limit);
    const unfinished = await this.reads.endsOf(accountId, [bucket]);
    if (unfinished.length === limit) return unfinished;
    return [...unfinished, ...(await this.reads.endsAfter(bucket, accountId, limit - unfinished.length))];
  }

  /** Entries without an account are a fault, unless the account was opened after its page was read. */
  private async judgeStrays(bucket: number, strays: readonly AuditedEntry[]): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (const stray of strays) {
      const [ends] = await this.reads.endsOf(stray.accountId, [bucket]);
      if (ends === undefined || ends.account !== undefined) continue;
      const audit = new PageAudit([ends]);
      audit.next(stray);
      audit.finish();
      findings.push(...findingsOf(audit.verdicts));
    }
    return findings;
  }

  private async facts(position: FactsPosition, bounds: WalkBounds): Promise<WalkStep> {
    const { bucket } = position;
    const checked = await this.reads.checkFacts(bucket, position.factSequence, FACTS_PER_SLICE);
    const next: WalkPosition | undefined =
      bucket + 1 < bounds.buckets ? { step: 'accounts', bucket: bucket + 1, accountId: '' } : undefined;
    return {
      position: checked.isBucketDone ? next : { step: 'facts', bucket, factSequence: checked.through },
      accountsChecked: 0,
      entriesChecked: 0n,
      findings: checked.faults.map((fault) => factFinding(bucket, fault)),
    };
  }
}

function firstSequence(position: AccountsPosition): bigint {
  if (position.proven !== undefined) return position.proven.sequence;
  return position.accountId === '' ? SEQUENCE_MIN : SEQUENCE_MAX;
}

function behindPage(bucket: number, lastOfPage: string | undefined): WalkPosition {
  return lastOfPage === undefined
    ? { step: 'facts', bucket, factSequence: 0n }
    : { step: 'accounts', bucket, accountId: lastOfPage };
}

function within(bucket: number, accountId: string, audit: PageAudit): WalkPosition {
  return { step: 'accounts', bucket, accountId, proven: audit.provenOf(accountId) };
}

function joined(before: WalkStep, after: WalkStep): WalkStep {
  return {
    position: after.position,
    accountsChecked: before.accountsChecked + after.accountsChecked,
    entriesChecked: before.entriesChecked + after.entriesChecked,
    findings: [...before.findings, ...after.findings],
  };
}

function findingsOf(verdicts: readonly ChainVerdict[]): Finding[] {
  return verdicts.flatMap(({ finding }) => finding ?? []);
}

function factFinding(bucket: number, fault: FactFault): Finding {
  const { accountId, entrySequence, entryId, factSequence, reason } = fault;
  return { bucket, accountId, sequence: entrySequence, entryId, factSequence, reason };
}
