import { readCheckpointSize } from '../sealing/checkpoint-note.js';
import type { Clock } from '../clock.port.js';
import type { SealReads } from '../sealing/seal-reads.port.js';
import type { CheckpointTarget } from './checkpoint-target.port.js';
import type { PublicationStore } from './publication-store.port.js';

/** A run that has more to do goes on in the next one: others may want the rows. */
const CHECKPOINTS_PER_RUN_MAX = 1_000;

/** What one run did at one place. */
export interface Publication {
  readonly target: CheckpointTarget;
  readonly published: number;
  /** The place contradicts the ledger. */
  readonly conflict: string | undefined;
  /** The place did not take a checkpoint; the next run tries again. */
  readonly failure: unknown;
}

/** Brings every place outside up to the newest checkpoint, in order, whichever process does it. */
export class PublishCheckpointsHandler {
  constructor(
    private readonly targets: readonly CheckpointTarget[],
    private readonly store: PublicationStore,
    private readonly seals: SealReads,
    private readonly clock: Clock,
  ) {}

  /** Remembers the places before anything new is sealed: what follows is theirs, whatever happens to the process. */
  async register(): Promise<void> {
    if (this.targets.length === 0) return;
    const latest = await this.seals.latest();
    // A new place gets the newest checkpoint; history stays where it is.
    const treeSize = latest === undefined ? 0n : latest.seal - 1n;
    for (const { name } of this.targets) await this.store.register(name, treeSize);
  }

  /** One place's failure does not keep the others waiting. */
  async execute(): Promise<readonly Publication[]> {
    const publications: Publication[] = [];
    for (const target of this.targets) publications.push(await this.publishTo(target));
    return publications;
  }

  private async publishTo(target: CheckpointTarget): Promise<Publication> {
    let published = 0;
    try {
      const conflict = await this.contradiction(target);
      if (conflict !== undefined) return { target, published, conflict, failure: undefined };
      while (published < CHECKPOINTS_PER_RUN_MAX) {
        const next = await this.publishNext(target);
        if (next === 'done') break;
        if (next !== 'published') return { target, published, conflict: next.conflict, failure: undefined };
        published += 1;
      }
      return { target, published, conflict: undefined, failure: undefined };
    } catch (failure) {
      return { target, published, conflict: undefined, failure };
    }
  }

  private async publishNext(
    target: CheckpointTarget,
  ): Promise<'published' | 'done' | { readonly conflict: string }> {
    let outcome: 'published' | 'done' | { readonly conflict: string } = 'done';
    await this.store.advance(target.name, async (through) => {
      const treeSize = through + 1n;
      const seal = await this.seals.find(treeSize);
      if (seal === undefined) return undefined;
      const conflict = await target.publish({ treeSize, note: seal.note });
      outcome = conflict === undefined ? 'published' : { conflict: conflict.reason };
      return conflict === undefined ? { treeSize, publishedAtMs: this.clock.nowMs() } : undefined;
    });
    return outcome;
  }

  /** A place that has what the ledger does not: the ledger was set back, or its log was rewritten. */
  private async contradiction(target: CheckpointTarget): Promise<string | undefined> {
    const newest = await target.newest();
    if (newest === undefined) return undefined;
    const treeSize = readCheckpointSize(newest);
    if (treeSize === undefined) return `the newest checkpoint of the ${target.name} cannot be read`;
    const seal = await this.seals.find(treeSize);
    if (seal === undefined) {
      const latest = await this.seals.latest();
      const size = latest?.seal ?? 0n;
      return `the ${target.name} has a checkpoint of size ${treeSize}, the ledger's log has only ${size}`;
    }
    if (seal.note === newest) return undefined;
    return `the ${target.name} has another checkpoint of size ${treeSize} than the ledger`;
  }
}
