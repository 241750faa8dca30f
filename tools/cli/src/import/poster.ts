import type { ImportRow } from './import-row.js';
import { Lane, type LaneDependencies } from './lane.js';

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Spreads rows over lanes by account; see {@link Lane} for the order that this keeps. */
export class Poster {
  readonly #lanes: readonly Lane[];

  constructor(laneCount: number, dependencies: LaneDependencies) {
    this.#lanes = Array.from({ length: laneCount }, () => new Lane(dependencies));
  }

  /** Takes a row; waits while its lane is busy. Throws what ended the lane. */
  async add(row: ImportRow): Promise<void> {
    await this.#lanes[laneIndex(row.accountId, this.#lanes.length)]?.add(row);
  }

  /** Sends what is left and waits for every answer. */
  async finish(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.flush()));
    await Promise.all(this.#lanes.map((lane) => lane.drain()));
  }

  /** Waits for the answers under way and sends nothing more. Never throws. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#lanes.map((lane) => lane.drain()));
  }
}

/** The lane of an account: always the same one. FNV-1a, spread evenly even over ids that only count up. */
export function laneIndex(accountId: string, laneCount: number): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < accountId.length; index += 1) {
    hash = Math.imul(hash ^ accountId.charCodeAt(index), FNV_PRIME);
  }
  return (hash >>> 0) % laneCount;
}
