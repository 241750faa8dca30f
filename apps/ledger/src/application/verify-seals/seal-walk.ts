import type { Clock } from '../clock.port.js';
import type { SealReads, StoredSeal } from '../sealing/seal-reads.port.js';
import type { LogIdentities } from './log-identities.js';
import type { LogIdentity, SealCheck } from './seal-check.js';
import { bucketFault, sealFault, type SealFault } from './seal-fault.js';

/** What to check next: a seal, in it the buckets from this one on. */
export interface SealWalkPosition {
  readonly seal: bigint;
  readonly bucket: number;
}

export const SEAL_WALK_START: SealWalkPosition = { seal: 1n, bucket: 0 };
/** Of one step: a ledger that was rewritten has one in every bucket of every seal. */
const FAULTS_MAX = 500;

export interface SealWalkStep {
  /** Where to go on; undefined when every seal was checked. */
  readonly position: SealWalkPosition | undefined;
  readonly sealsChecked: bigint;
  readonly entriesChecked: bigint;
  readonly faults: readonly SealFault[];
}

/** Checks all seals from the first to the last, piece by piece; each piece says where the next one begins. */
export class SealWalk {
  constructor(
    private readonly seals: SealReads,
    private readonly check: SealCheck,
    private readonly identities: LogIdentities,
    private readonly clock: Clock,
  ) {}

  /** Walks on from `start`; no new part begins after the deadline. */
  async advance(start: SealWalkPosition, deadlineMs: number): Promise<SealWalkStep> {
    // The end first, then all else: what is sealed meanwhile is the next walk's, and its names and keys are known then.
    const latest = await this.seals.latest();
    const log = await this.identities.read();
    const faults: SealFault[] = [];
    let [sealsChecked, entriesChecked] = [0n, 0n];
    let position = start;
    do {
      const { seal, bucket } = position;
      if (latest === undefined || latest.seal < seal) {
        faults.push(...(await this.endFaults(latest)));
        return { position: undefined, sealsChecked, entriesChecked, faults };
      }
      const stored = await this.seals.find(seal);
      if (stored === undefined) {
        faults.push(sealFault(seal, 'the seal is missing'));
        position = { seal: seal + 1n, bucket: 0 };
        continue;
      }
      const part = await this.part(stored, { bucket, deadlineMs, log });
      faults.push(...part.faults);
      entriesChecked += part.entries;
      if (part.next === undefined) sealsChecked += 1n;
      position = part.next === undefined ? { seal: seal + 1n, bucket: 0 } : { seal, bucket: part.next };
    } while (this.clock.nowMs() < deadlineMs && faults.length < FAULTS_MAX);
    return { position, sealsChecked, entriesChecked, faults };
  }

  /** A seal's buckets from one on, as many as time allows, and after the last of them the seal itself. */
  private async part(
    stored: StoredSeal,
    from: { readonly bucket: number; readonly deadlineMs: number; readonly log: LogIdentity },
  ): Promise<{ next: number | undefined; entries: bigint; faults: SealFault[] }> {
    const buckets = await this.seals.bucketsOf(stored.seal);
    const faults: SealFault[] = [];
    let entries = 0n;
    for (const sealed of buckets) {
      if (sealed.bucket < from.bucket) continue;
      const fault = await this.check.bucket(sealed);
      if (fault !== undefined) faults.push(fault);
      entries += sealed.entries;
      if (this.clock.nowMs() >= from.deadlineMs) return { next: sealed.bucket + 1, entries, faults };
    }
    const fault = await this.check.seal(stored, buckets, from.log);
    if (fault !== undefined) faults.push(fault);
    return { next: undefined, entries, faults };
  }

  /** A bucket that ends before what was sealed of it was cut, or restored from an old backup. */
  private async endFaults(latest: StoredSeal | undefined): Promise<SealFault[]> {
    const positions = await this.seals.positions();
    return positions
      .filter(({ head, sealed }) => head < sealed)
      .map(({ bucket, head, sealed }) =>
        bucketFault(
          { seal: latest?.seal ?? 0n, bucket, factSequence: head + 1n },
          `the bucket ends at fact ${head}, facts through ${sealed} were sealed`,
        ),
      );
  }
}
