import { refuseRead, type ReadRefusal } from '../read-refusal.js';

/** Each takes a connection of the pool and, while it proves, the processor: ordinary reads keep most of both. */
export const CHECKS_AT_ONCE = 2;
/** Whoever waits last is served within a few slices, long before any caller's deadline. */
export const CHECKS_WAITING_MAX = 6;

export interface GateLoad {
  readonly underWay: number;
  readonly waiting: number;
  readonly begun: number;
  readonly refused: number;
}

/** Lets few long checks of this process work at once, in the order in which they came. */
export class CheckGate {
  private readonly waiting: (() => void)[] = [];
  private underWay = 0;
  private begun = 0;
  private refused = 0;

  /** What works and what waits now, and what was begun and refused since the process started. */
  get load(): GateLoad {
    const { underWay, begun, refused } = this;
    return { underWay, waiting: this.waiting.length, begun, refused };
  }

  /** Does the work when it is its turn. Refuses with RATE_LIMITED, and nothing is done, when too many wait. */
  async run<Result>(work: () => Promise<Result>): Promise<Result | ReadRefusal> {
    if (this.underWay >= CHECKS_AT_ONCE) {
      if (this.waiting.length >= CHECKS_WAITING_MAX) return this.refuse();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.underWay += 1;
    }
    try {
      this.begun += 1;
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Whoever is next takes the place over, so that nobody who comes now is served before.
      if (next === undefined) this.underWay -= 1;
      else next();
    }
  }

  private refuse(): ReadRefusal {
    this.refused += 1;
    return refuseRead('RATE_LIMITED', 'many long checks are under way: ask again in some seconds');
  }
}
