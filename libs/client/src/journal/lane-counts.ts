/** How many operations wait in each lane. */
export class LaneCounts {
  readonly #counts = new Map<string, number>();

  add(lanes: readonly string[]): void {
    for (const lane of lanes) this.#counts.set(lane, (this.#counts.get(lane) ?? 0) + 1);
  }

  remove(lanes: readonly string[]): void {
    for (const lane of lanes) {
      const left = (this.#counts.get(lane) ?? 0) - 1;
      if (left > 0) this.#counts.set(lane, left);
      else this.#counts.delete(lane);
    }
  }

  hasAnyOf(lanes: readonly string[]): boolean {
    return lanes.some((lane) => this.#counts.has(lane));
  }
}
