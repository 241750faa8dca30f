import { OutageError } from '@steelyard/platform/outage';

/** One or two may be a slow statement or a connection that was cut; the database itself is not away then. */
const OUTAGES_UNTIL_AWAY = 3;
const PROBE_INTERVAL_MS = 250;

/**
 * Remembers that the database is away, so that not every read has to find it out again: where the network swallows
 * packets that takes seconds each. While it is away one read at a time tries, and the first that succeeds ends it.
 */
export class OutageGate {
  readonly #now: () => number;
  #outages = 0;
  #probeAtMs = 0;

  /** @param now milliseconds since 1970-01-01 UTC. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Runs `read`. Throws OutageError when it meets an outage, or at once while the database is away. */
  async pass<Value>(read: () => Promise<Value>): Promise<Value> {
    if (this.#outages >= OUTAGES_UNTIL_AWAY) {
      if (this.#now() < this.#probeAtMs) throw new OutageError('the database is away');
      this.#probeAtMs = Infinity;
    }
    try {
      const value = await read();
      this.#outages = 0;
      return value;
    } catch (error) {
      // Any other failure is an answer of the database.
      this.#outages = error instanceof OutageError ? this.#outages + 1 : 0;
      this.#probeAtMs = this.#now() + PROBE_INTERVAL_MS;
      throw error;
    }
  }
}
