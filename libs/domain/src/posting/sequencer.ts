import type { Books } from './books.js';
import type { DecisionContext } from './decision-context.js';
import type { FactKey } from './ids.js';

/** When the batch is decided, and by which write it is stored. */
export type Moment = Pick<DecisionContext, 'nowMs' | 'writeId'>;

/** Gives out the sequences of buckets, and the times that go with them. */
export class Sequencer {
  readonly #books: Books;
  readonly #moment: Moment;
  #lastTimestamp = { ms: -1, text: '' };

  constructor(books: Books, moment: Moment) {
    this.#books = books;
    this.#moment = moment;
  }

  /** Commit times never go back within a bucket, whatever the clock does. */
  commitTime(buckets: readonly number[]): number {
    return buckets.reduce(
      (time, bucket) => Math.max(time, this.#books.get(bucket).head.committedAtMs),
      this.#moment.nowMs,
    );
  }

  /** Takes the next sequence of a bucket. */
  advance(bucket: number, committedAtMs: number): FactKey {
    const sequence = this.#books.get(bucket).head.sequence + 1n;
    this.#books.putHead(bucket, { sequence, committedAtMs, writeId: this.#moment.writeId });
    return { bucket, sequence };
  }

  /** ISO 8601 with milliseconds. Most transactions of a batch share theirs. */
  timestampOf(ms: number): string {
    if (this.#lastTimestamp.ms !== ms) this.#lastTimestamp = { ms, text: new Date(ms).toISOString() };
    return this.#lastTimestamp.text;
  }
}
