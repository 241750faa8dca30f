import { LRUCache } from 'lru-cache';
import {
  FactIntegrityError,
  FactTail,
  type FactHeads,
  type FactStretch,
  type StretchLimits,
} from '../../application/read-facts/fact-tail.port.js';
import type { FactTailRepository, StretchPlace } from './fact-tail.repository.js';

/** Some seconds of postings: consumers that keep step with each other are not further apart. */
const KNOWN_BYTES_MAX = 4 * 1024 * 1024;
/** Bounds what one pair of statements brings into memory; whoever asks for many asks for little of each. */
const STRETCHES_PER_READ_MAX = 64;

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
  readonly #reading = new Map<string, Promise<FactStretch>>();
  readonly #known = new LRUCache<string, FactStretch>({
    maxSize: KNOWN_BYTES_MAX,
    sizeCalculation: ({ bytes }) => bytes,
  });
  #asked: Asked[] = [];

  constructor(tail: FactTailRepository) {
    super();
    this.#tail = tail;
  }

  async read(bucket: number, afterSequence: bigint, limits: StretchLimits): Promise<FactStretch> {
    const place = `${bucket}/${afterSequence}/${limits.factsMax}/${limits.bytesMax}`;
    const known = this.#known.get(place) ?? this.#reading.get(place);
    if (known) return known;
    const reading = new Promise<FactStretch>((resolve, reject) => {
      if (this.#asked.push({ bucket, afterSequence, limits, resolve, reject }) > 1) return;
      setImmediate(() => this.#readAsked());
    });
    this.#reading.set(place, reading);
    try {
      const stretch = await reading;
      if (stretch.facts.length > 0) this.#known.set(place, stretch);
      return stretch;
    } finally {
      this.#reading.delete(place);
    }
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
