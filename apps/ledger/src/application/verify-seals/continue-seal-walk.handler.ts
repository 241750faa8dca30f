import type { Clock } from '../clock.port.js';
import type { FoundIncident, IncidentLog } from '../incidents/incident-log.js';
import type { SealFault } from './seal-fault.js';
import type { SealVerificationProgress, SealVerificationStore } from './seal-verification-store.port.js';
import { SEAL_WALK_START, type SealWalk, type SealWalkStep } from './seal-walk.js';

const INCIDENTS_MAX = 500;

export interface SealWalkContinued {
  /** False: another process is at it. */
  readonly isMine: boolean;
  readonly isWalkComplete: boolean;
  readonly sealsChecked: bigint;
  readonly entriesChecked: bigint;
  readonly faults: readonly SealFault[];
}

const NOTHING: SealWalkContinued = {
  isMine: false,
  isWalkComplete: false,
  sealsChecked: 0n,
  entriesChecked: 0n,
  faults: [],
};

/** Checks all seals over and over, a piece each call, and opens and closes the incidents that this leads to. */
export class ContinueSealWalkHandler {
  constructor(
    private readonly walk: SealWalk,
    private readonly store: SealVerificationStore,
    private readonly incidents: IncidentLog,
    private readonly clock: Clock,
  ) {}

  /** `quietMs`: what sealing itself found is over when it was not found again for so long. */
  async execute(request: {
    readonly budgetMs: number;
    readonly quietMs: number;
  }): Promise<SealWalkContinued> {
    let continued = NOTHING;
    const nowMs = this.clock.nowMs();
    await this.store.advance(nowMs, async (progress) => {
      const step = await this.walk.advance(progress.position, nowMs + request.budgetMs);
      const { sealsChecked, entriesChecked, faults, position } = step;
      // Before the progress is stored: after a crash in between, the same faults are found again.
      await this.incidents.report(faults.map(sealIncident));
      const isWalkComplete = position === undefined;
      if (isWalkComplete) await this.closeWhatIsOver(progress.startedAtMs - request.quietMs);
      continued = { isMine: true, isWalkComplete, sealsChecked, entriesChecked, faults };
      return this.moved(progress, step);
    });
    return continued;
  }

  private moved(progress: SealVerificationProgress, step: SealWalkStep): SealVerificationProgress {
    const { position } = step;
    if (position !== undefined) {
      const sealsChecked = progress.sealsChecked + step.sealsChecked;
      const entriesChecked = progress.entriesChecked + step.entriesChecked;
      return { ...progress, position, sealsChecked, entriesChecked };
    }
    return {
      startedAtMs: this.clock.nowMs(),
      position: SEAL_WALK_START,
      sealsChecked: 0n,
      entriesChecked: 0n,
      verifiedUpToMs: progress.startedAtMs,
    };
  }

  /** What a whole walk did not find again. */
  private async closeWhatIsOver(seenBeforeMs: number): Promise<void> {
    const open = await this.incidents.list({
      type: 'integrity_failure',
      isOpen: true,
      limit: INCIDENTS_MAX,
    });
    for (const incident of open) {
      if (incident.foundBy !== 'seals' || incident.lastSeenAtMs >= BigInt(seenBeforeMs)) continue;
      await this.incidents.resolve(incident, 'a complete walk over all seals no longer finds it', ['seals']);
    }
  }
}

/** What is wrong with the log as a whole is kept under the first bucket: there is one log. */
const BUCKET_OF_LOG = 0;

/** The incident that a fault is. */
export function sealIncident(fault: SealFault): FoundIncident {
  const { bucket = BUCKET_OF_LOG, accountId, sequence, entryId } = fault;
  return {
    type: 'integrity_failure',
    foundBy: 'seals',
    bucket,
    accountId,
    sequence,
    entryId,
    reason: `seal ${fault.seal}: ${fault.reason}`,
    expectedJson: '{}',
    foundJson: '{}',
  };
}
