/** What bounds a batcher; each bound is what one call or one process can take. */
export interface TurnBatcherLimits {
  /** Items in one call. */
  readonly countMax: number;
  /** Estimated bytes in one call; an item larger than that travels alone. */
  readonly bytesMax: number;
  /** Calls that are out at the same time. */
  readonly inFlightMax: number;
  /** Items that may wait for a free call; one more is turned away. */
  readonly waitingMax: number;
  /** An item that has waited longer is turned away: its caller has given up. */
  readonly waitMaxMs: number;
}

export interface TurnBatcherOptions<Item, Result> {
  readonly limits: TurnBatcherLimits;
  /** One call: as many results as items, in the same order. */
  readonly send: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly bytesOf: (item: Item) => number;
  /** Makes the error for an item that is turned away. */
  readonly overloaded: () => Error;
  readonly now: () => number;
}

/** Items that must travel in the same call, in order, and how to answer them. */
interface Parcel<Item, Result> {
  readonly items: readonly Item[];
  readonly bytes: number;
  /** True: it has a call of its own. */
  readonly isAlone: boolean;
  readonly waitsSinceMs: number;
  resolve(results: readonly Result[]): void;
  reject(error: unknown): void;
}

/**
 * Sends all items that arrive in one turn of the event loop as one call, because a call costs about 80 µs of CPU
 * and an item in it almost nothing. There is no timer: an idle process sends at once. While the allowed number
 * of calls is out, items wait and the next call takes all of them.
 */
export class TurnBatcher<Item, Result> {
  readonly #options: TurnBatcherOptions<Item, Result>;
  #waiting: Parcel<Item, Result>[] = [];
  #waitingItems = 0;
  #inFlight = 0;
  #isTurnScheduled = false;

  constructor(options: TurnBatcherOptions<Item, Result>) {
    this.#options = options;
  }

  /** How many items wait, for metrics. */
  get waitingItems(): number {
    return this.#waitingItems;
  }

  /** Sends one item with its neighbours. Rejects when the call fails or the queue is full. */
  submit(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      const settle = ([result]: readonly Result[]): void => {
        if (result === undefined) reject(new Error('a call answered with too few results'));
        else resolve(result);
      };
      this.#enqueue({
        items: [item],
        bytes: this.#options.bytesOf(item),
        isAlone: false,
        waitsSinceMs: this.#options.now(),
        resolve: settle,
        reject,
      });
    });
  }

  /** Sends items as one call of their own, in order. The caller keeps to the limits of a call. */
  submitTogether(items: readonly Item[]): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      this.#enqueue({ items, bytes: 0, isAlone: true, waitsSinceMs: this.#options.now(), resolve, reject });
    });
  }

  #enqueue(parcel: Parcel<Item, Result>): void {
    if (this.#waitingItems + parcel.items.length > this.#options.limits.waitingMax) {
      parcel.reject(this.#options.overloaded());
      return;
    }
    this.#waiting.push(parcel);
    this.#waitingItems += parcel.items.length;
    if (this.#isTurnScheduled) return;
    this.#isTurnScheduled = true;
    setImmediate(() => {
      this.#isTurnScheduled = false;
      this.#drain();
    });
  }

  #drain(): void {
    while (this.#inFlight < this.#options.limits.inFlightMax && this.#waiting.length > 0) {
      const parcels = this.#takeCall();
      if (parcels.length > 0) void this.#call(parcels);
    }
  }

  /** Takes from the front what fits one call, and turns away what has waited too long. */
  #takeCall(): Parcel<Item, Result>[] {
    const { countMax, bytesMax, waitMaxMs } = this.#options.limits;
    const oldestMs = this.#options.now() - waitMaxMs;
    const taken: Parcel<Item, Result>[] = [];
    let bytes = 0;
    let next = 0;
    for (; next < this.#waiting.length; next++) {
      const parcel = this.#waiting[next];
      if (parcel === undefined) break;
      const fits = !parcel.isAlone && taken.length < countMax && bytes + parcel.bytes <= bytesMax;
      if (taken.length > 0 && !fits) break;
      this.#waitingItems -= parcel.items.length;
      if (parcel.waitsSinceMs < oldestMs) {
        parcel.reject(this.#options.overloaded());
        continue;
      }
      taken.push(parcel);
      bytes += parcel.bytes;
      if (parcel.isAlone) {
        next++;
        break;
      }
    }
    this.#waiting = next === this.#waiting.length ? [] : this.#waiting.slice(next);
    return taken;
  }

  async #call(parcels: readonly Parcel<Item, Result>[]): Promise<void> {
    this.#inFlight++;
    try {
      const items =
        parcels.length === 1 ? (parcels[0]?.items ?? []) : parcels.flatMap((parcel) => parcel.items);
      const results = await this.#options.send(items);
      if (results.length !== items.length) throw new Error('a call answered with another number of results');
      let from = 0;
      for (const parcel of parcels) {
        const to = from + parcel.items.length;
        parcel.resolve(from === 0 && to === results.length ? results : results.slice(from, to));
        from = to;
      }
    } catch (error) {
      for (const parcel of parcels) parcel.reject(error);
    } finally {
      this.#inFlight--;
      this.#drain();
    }
  }
}
