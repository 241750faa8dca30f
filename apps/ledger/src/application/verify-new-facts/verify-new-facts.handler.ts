import type { Clock } from '../clock.port.js';
import { incidentOf } from '../incidents/incident-of-finding.js';
import type { IncidentLog } from '../incidents/incident-log.js';
import type { FactReads } from '../verification/fact-reads.port.js';
import { FactSums } from '../verification/fact-sums.js';
import type { Finding } from '../verification/finding.js';
import { entriesByAccount } from '../verification/slice-audit.js';
import { NewChainAudit } from './new-chain-audit.js';
import type {
  KnownChain,
  KnownChainReads,
  NewFactsStore,
  ProvenChain,
  SliceProven,
} from './new-facts.port.js';

/** Facts of one transaction of ours: some 20 ms of proving, so that other requests do not wait long. */
export const FACTS_PER_SLICE = 2_000;

export interface NewFactsVerified {
  readonly facts: bigint;
  readonly entries: bigint;
  readonly findings: readonly Finding[];
}

/**
 * Verifies what was committed since the last time, bucket by bucket: what it costs follows what is new, however
 * long the history is. Any number of processes may call it.
 */
export class VerifyNewFactsHandler {
  /** Where the next call begins, so that one busy bucket does not keep others waiting. */
  private lastBucket = -1;

  constructor(
    private readonly facts: FactReads,
    private readonly known: KnownChainReads,
    private readonly store: NewFactsStore,
    private readonly incidents: IncidentLog,
    private readonly clock: Clock,
  ) {}

  /** Goes on until nothing is new or the time is up; no new slice begins after that. */
  async execute({ budgetMs }: { readonly budgetMs: number }): Promise<NewFactsVerified> {
    const deadlineMs = this.clock.nowMs() + budgetMs;
    let verified: NewFactsVerified = { facts: 0n, entries: 0n, findings: [] };
    let behind = this.inTurn(await this.store.behind());
    while (behind.length > 0) {
      const unfinished: number[] = [];
      for (const bucket of behind) {
        const slice = await this.slice(bucket);
        this.lastBucket = bucket;
        verified = joined(verified, slice);
        if (!slice.isBucketDone) unfinished.push(bucket);
        if (this.clock.nowMs() >= deadlineMs) return verified;
      }
      behind = unfinished;
    }
    return verified;
  }

  private inTurn(buckets: readonly number[]): readonly number[] {
    const later = buckets.filter((bucket) => bucket > this.lastBucket);
    return [...later, ...buckets.filter((bucket) => bucket <= this.lastBucket)];
  }

  private async slice(bucket: number): Promise<NewFactsVerified & { readonly isBucketDone: boolean }> {
    // Another process that is at it finishes it.
    let result = { facts: 0n, entries: 0n, findings: NO_FINDINGS, isBucketDone: true };
    await this.store.advance(bucket, async (after) => {
      const audited = await this.audit(bucket, after);
      const { findings, entries, isBucketDone, proven } = audited;
      // Before the position moves: found twice is better than never.
      await this.incidents.report(findings.map((finding) => incidentOf(finding, 'new_facts')));
      result = { facts: (proven?.through ?? after) - after, entries, findings, isBucketDone };
      return proven;
    });
    return result;
  }

  private async audit(bucket: number, after: bigint): Promise<AuditedSlice> {
    const slice = await this.facts.slice(bucket, after, FACTS_PER_SLICE);
    if (slice.head < after) {
      return { findings: [setBack(bucket, slice.head, after)], entries: 0n, isBucketDone: true };
    }
    const byAccount = entriesByAccount(slice.entries);
    const [known, legs] = await Promise.all([
      this.known.chains(bucket, [...byAccount.keys()]),
      this.facts.legSums(slice.facts),
    ]);
    const isAllThere = known.head === slice.through;
    const chains = new Map(known.chains.map((chain) => [chain.accountId, chain]));
    const findings: Finding[] = [];
    const proven: ProvenChain[] = [];
    let entries = 0n;
    for (const [accountId, added] of byAccount) {
      const chain = chains.get(accountId) ?? unknownChain(accountId);
      // Who proves it again knows how far it is right.
      if (chain.isFaulty) continue;
      const audit = new NewChainAudit(bucket, chain);
      const verdict = audit.verify(added, isAllThere);
      entries += audit.entriesChecked;
      proven.push(verdict.proven);
      if (verdict.finding !== undefined) findings.push(verdict.finding);
    }
    findings.push(...new FactSums(slice, chains).findings(legs));
    const isBucketDone = slice.through === slice.head;
    return { findings, entries, isBucketDone, proven: { through: slice.through, chains: proven } };
  }
}

interface AuditedSlice {
  readonly findings: readonly Finding[];
  readonly entries: bigint;
  readonly isBucketDone: boolean;
  /** Absent: nothing can be said to be verified. */
  readonly proven?: SliceProven;
}

const NO_FINDINGS: readonly Finding[] = [];

function unknownChain(accountId: string): KnownChain {
  return { accountId, currency: '', account: undefined, proven: undefined, isFaulty: false };
}

function setBack(bucket: number, head: bigint, verified: bigint): Finding {
  return {
    bucket,
    accountId: '',
    sequence: 0n,
    entryId: '',
    factSequence: head,
    reason: `the head of bucket ${bucket} was set back from ${verified} to ${head}`,
  };
}

function joined(before: NewFactsVerified, after: NewFactsVerified): NewFactsVerified {
  return {
    facts: before.facts + after.facts,
    entries: before.entries + after.entries,
    findings: [...before.findings, ...after.findings],
  };
}
