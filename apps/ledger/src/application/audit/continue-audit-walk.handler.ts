import type { AuditHead } from '@steelyard/domain/audit';
import type { Clock } from '../clock.port.js';
import type { Deployment } from '../deployment.port.js';
import type { FoundIncident, IncidentLog } from '../incidents/incident-log.js';
import type { AuditRound, AuditVerificationStore } from './audit-verification-store.port.js';
import {
  AUDIT_WALK_START,
  type AuditBucketFault,
  type AuditWalk,
  type AuditWalkPosition,
  type AuditWalkStep,
} from './audit-walk.js';

export interface AuditWalkContinued {
  /** False: another process is at it. */
  readonly isMine: boolean;
  /** The walk over all chains came to its end. */
  readonly isRoundComplete: boolean;
  /** As they came in. */
  readonly newRecordsChecked: number;
  /** By the walk over all chains. */
  readonly recordsChecked: number;
  readonly faults: readonly AuditBucketFault[];
}

const NOTHING: AuditWalkContinued = {
  isMine: false,
  isRoundComplete: false,
  newRecordsChecked: 0,
  recordsChecked: 0,
  faults: [],
};

/** What of the new records could be checked in time. */
interface NewRecords {
  readonly checked: number;
  readonly faults: readonly AuditBucketFault[];
  readonly proven: ReadonlyMap<number, AuditHead>;
  /** Buckets of which something new is wrong or was not looked at. */
  readonly unproven: ReadonlySet<number>;
}

/**
 * Verifies the audit trail, a piece each call: first what is new, whose cost does not follow the length of the
 * trail, then on over all chains from their beginnings, over and over. What is wrong is an incident of its bucket.
 */
export class ContinueAuditWalkHandler {
  /** Where the next call begins with new records, so that one busy bucket does not keep others waiting. */
  private lastBucket = -1;

  constructor(
    private readonly deployment: Deployment,
    private readonly walk: AuditWalk,
    private readonly store: AuditVerificationStore,
    private readonly incidents: IncidentLog,
    private readonly clock: Clock,
  ) {}

  /** No new read begins after the budget, but the walk over all chains takes one in any case. */
  async execute({ budgetMs }: { readonly budgetMs: number }): Promise<AuditWalkContinued> {
    let continued = NOTHING;
    const nowMs = this.clock.nowMs();
    const deadlineMs = nowMs + budgetMs;
    await this.store.advance(nowMs, async ({ round, behind }) => {
      const added = await this.newRecords(behind, deadlineMs);
      const step = await this.walk.over(round.position, {
        buckets: this.deployment.buckets(),
        isEnough: () => this.clock.nowMs() >= deadlineMs,
      });
      const faults = [...added.faults, ...step.faults];
      // Before the progress is stored: after a crash in between, the same faults are found again.
      await this.incidents.report(faults.map(auditIncident));
      await this.closeWhatIsOver(step.rightBuckets.filter((bucket) => !added.unproven.has(bucket)));
      continued = {
        isMine: true,
        isRoundComplete: step.position === undefined,
        newRecordsChecked: added.checked,
        recordsChecked: step.recordsChecked,
        faults,
      };
      return { round: this.moved(round, step), proven: added.proven };
    });
    return continued;
  }

  private async newRecords(behind: readonly AuditWalkPosition[], deadlineMs: number): Promise<NewRecords> {
    const faults: AuditBucketFault[] = [];
    const proven = new Map<number, AuditHead>();
    const unproven = new Set(behind.map(({ bucket }) => bucket));
    const waiting = this.inTurn(behind);
    let checked = 0;
    for (let place = 0; place < waiting.length && this.clock.nowMs() < deadlineMs; place += 1) {
      const position = waiting[place];
      if (position === undefined) break;
      const { bucket } = position;
      const step = await this.walk.step(position);
      this.lastBucket = bucket;
      checked += step.checked;
      proven.set(bucket, step.proven);
      if (step.fault !== undefined) faults.push(step.fault);
      else if (step.isDone) unproven.delete(bucket);
      // Behind the others: a long chain takes turns with them.
      else waiting.push({ bucket, proven: step.proven });
    }
    return { checked, faults, proven, unproven };
  }

  private inTurn(positions: readonly AuditWalkPosition[]): AuditWalkPosition[] {
    const isLater = ({ bucket }: AuditWalkPosition): boolean => bucket > this.lastBucket;
    return [...positions.filter(isLater), ...positions.filter((position) => !isLater(position))];
  }

  private moved(round: AuditRound, { position, recordsChecked }: AuditWalkStep): AuditRound {
    if (position !== undefined) {
      return { ...round, position, recordsChecked: round.recordsChecked + BigInt(recordsChecked) };
    }
    return {
      startedAtMs: this.clock.nowMs(),
      position: AUDIT_WALK_START,
      recordsChecked: 0n,
      verifiedUpToMs: round.startedAtMs,
    };
  }

  /** Chains that are right from their beginning to where they end now. */
  private async closeWhatIsOver(buckets: readonly number[]): Promise<void> {
    if (buckets.length === 0 || (await this.incidents.countOpen()) === 0n) return;
    for (const bucket of buckets) {
      const key = { type: 'integrity_failure', bucket, accountId: '' } as const;
      await this.incidents.resolve(key, "a walk over the bucket's whole audit trail no longer finds it", [
        'audit',
      ]);
    }
  }
}

/** The incident that a fault is. It is about no account: what the record says of one cannot be trusted. */
function auditIncident({ bucket, sequence, reason }: AuditBucketFault): FoundIncident {
  return {
    type: 'integrity_failure',
    foundBy: 'audit',
    bucket,
    accountId: '',
    sequence: 0n,
    entryId: '',
    reason: `audit record ${sequence} of bucket ${bucket}: ${reason}`,
    expectedJson: '{}',
    foundJson: '{}',
  };
}
