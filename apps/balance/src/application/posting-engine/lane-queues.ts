import type { Batch, WorkUnit } from './work-unit.js';

export interface BatchLimits {
  readonly commandsMax: number;
  readonly bytesMax: number;
}

/** A first-in-first-out queue that takes from its front in constant time. */
class Fifo {
  #items: WorkUnit[] = [];
  #front = 0;

  get head(): WorkUnit | undefined {
    return this.#items[this.#front];
  }

  push(unit: WorkUnit): void {
    this.#items.push(unit);
  }

  shift(): void {
    this.#front += 1;
    if (this.#front * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#front);
    this.#front = 0;
  }

  remove(predicate: (unit: WorkUnit) => boolean): WorkUnit[] {
    const waiting = this.#items.slice(this.#front);
    this.#items = waiting.filter((unit) => !predicate(unit));
    this.#front = 0;
    return waiting.filter(predicate);
  }
}

/**
 * What waits for its turn, a queue a lane. A unit over several lanes waits in all of them and goes when it is at
 * the front of each: units that share a lane keep the order in which they came, and since all queues hold the
 * same order, no two units can wait for each other.
 */
export class LaneQueues {
  readonly #queues: readonly Fifo[];
  readonly #limits: BatchLimits;
  #commands = 0;

  constructor(lanes: number, limits: BatchLimits) {
    this.#queues = Array.from({ length: lanes }, () => new Fifo());
    this.#limits = limits;
  }

  /** Commands waiting. */
  get commands(): number {
    return this.#commands;
  }

  push(unit: WorkUnit): void {
    this.#commands += unit.commands.length;
    for (const lane of unit.lanes) this.#queue(lane).push(unit);
  }

  /** The next batch whose lanes are all free; undefined when there is none. */
  take(isFree: (lane: number) => boolean): Batch | undefined {
    for (let lane = 0; lane < this.#queues.length; lane++) {
      const { head } = this.#queue(lane);
      if (!head?.lanes.every((needed) => isFree(needed) && this.#queue(needed).head === head)) continue;
      return { units: this.#takeWithin(head.lanes), lanes: head.lanes };
    }
    return undefined;
  }

  /** Takes out what nobody waits for any more. */
  removeExpired(nowMs: number): Set<WorkUnit> {
    const expired = new Set<WorkUnit>();
    for (const queue of this.#queues) {
      for (const unit of queue.remove(({ deadlineAtMs }) => deadlineAtMs <= nowMs)) expired.add(unit);
    }
    for (const unit of expired) this.#commands -= unit.commands.length;
    return expired;
  }

  #takeWithin(lanes: readonly number[]): WorkUnit[] {
    const units: WorkUnit[] = [];
    let [commands, bytes] = [0, 0];
    for (let lane: number | undefined = lanes[0]; lane !== undefined; lane = this.#readyLane(lanes)) {
      const unit = this.#queue(lane).head;
      if (!unit) break;
      commands += unit.commands.length;
      bytes += unit.bytes;
      const isOverLimit = commands > this.#limits.commandsMax || bytes > this.#limits.bytesMax;
      // One unit alone may be over: an atomic group cannot be cut.
      if (isOverLimit && units.length > 0) break;
      for (const needed of unit.lanes) this.#queue(needed).shift();
      this.#commands -= unit.commands.length;
      units.push(unit);
    }
    return units;
  }

  /** A lane whose front needs no lane but these, and is at the front of all that it needs. */
  #readyLane(lanes: readonly number[]): number | undefined {
    return lanes.find((lane) => {
      const { head } = this.#queue(lane);
      return head?.lanes.every((needed) => lanes.includes(needed) && this.#queue(needed).head === head);
    });
  }

  #queue(lane: number): Fifo {
    const queue = this.#queues[lane];
    if (!queue) throw new RangeError(`there is no lane ${lane}`);
    return queue;
  }
}
