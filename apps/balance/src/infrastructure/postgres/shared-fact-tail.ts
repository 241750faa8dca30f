import { LRUCache } from 'lru-cache';
import {
  FactIntegrityError,
  FactTail,
  type FactHeads,
  type FactStretch,
  type StretchLimits,
} from '../../application/read-facts/fact-tail.port.js';
import type { FactTailRepository, StretchPlace } from './fact-tail.repository.js';

/** Half a megabyte each: what consumers that keep step with each other need is far less. */
const STRETCHES_MAX = 32;
/** Bounds what one pair of statements brings into memory. */
const STRETCHES_PER_READ_MAX = 8;

interface Asked extends StretchPlace {
  readonly limits: StretchLimits;
  readonly resolve: (stretch: FactStretch) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads each stretch once for all consumers that are at the same place, and together what is asked for in one turn of
 * the event loop: statements are what reading costs. What was read stays true, facts never change: only how much
 * followed may be out of date, and the next read finds it.
 */
export class SharedFactTail extends FactTail {
  readonly #tail: FactTailRepository;
  readonly #stretches = new LRUCache<string, Promise<FactStretch>>({ max: STRETCHES_MAX });
  #asked: Asked[] = [];

  constructor(tail: FactTailRepository) {
    super();
    this.#tail = tail;
  }

  async read(bucket: number, afterSequence: bigint, limits: StretchLimits): Promise<FactStretch> {
    const place = `${bucket}/${afterSequence}/${limits.factsMax}/${limits.bytesMax}`;
    const known = this.#stretches.get(place);
    if (known) return known;
    const reading = new Promise<FactStretch>((resolve, reject) => {
      if (this.#asked.push({ bucket, afterSequence, limits, resolve, reject }) > 1) return;
      setImmediate(() => this.#readAsked());
    });
    this.#stretches.set(place, reading);
    const forget = (): void => {
      if (this.#stretches.peek(place) === reading) this.#stretches.delete(place);
    };
    const stretch = await reading.catch((error: unknown) => {
      forget();
      throw error;
    });
    if (stretch.facts.length === 0) forget();
    return stretch;
  }

  heads(): Promise<FactHeads> {
    return this.#tail.heads();
  }

  #readAsked(): void {
    const alike = Map.groupBy(this.#asked, ({ limits }) => `${limits.factsMax}/${limits.bytesMax}`);
    this.#asked = [];
    for (const group of alike.values()) {
      for (let i = 0; i < group.length; i += STRETCHES_PER_READ_MAX) {
        void this.#readTogether(group.slice(i, i + STRETCHES_PER_READ_MAX));
      }
    }
  }

  async #readTogether(group: readonly Asked[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    try {
      const stretches = await this.#tail.readMany(group, first.limits);
      group.forEach(({ bucket, resolve, reject }, i) => {
        const stretch = stretches[i] ?? new FactIntegrityError(`nothing was read of bucket ${bucket}`);
        if (stretch instanceof FactIntegrityError) reject(stretch);
        else resolve(stretch);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
