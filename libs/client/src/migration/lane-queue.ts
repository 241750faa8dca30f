/** Work that shares a lane runs in the order in which it came; other work runs beside it. */
export class LaneQueue {
  readonly #last = new Map<string, Promise<void>>();
  #size = 0;

  /** @param sizeMax work that may wait */
  constructor(private readonly sizeMax: number) {}

  /** False: too much waits already, and it was not taken. */
  add(lanes: readonly string[], work: () => Promise<void>): boolean {
    if (this.#size >= this.sizeMax) return false;
    this.#size++;
    const before = lanes.flatMap((lane) => this.#last.get(lane) ?? []);
    const done = Promise.all(before)
      .then(work)
      .finally(() => {
        this.#size--;
        for (const lane of lanes) if (this.#last.get(lane) === done) this.#last.delete(lane);
      });
    for (const lane of lanes) this.#last.set(lane, done);
    return true;
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#last.size > 0) await Promise.all(this.#last.values());
  }
}
