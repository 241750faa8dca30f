interface Cached<Value> {
  readonly value: Value;
  readonly freshUntilMs: number;
}

/** Keeps values for a while, at most so many: the one that was used longest ago goes first. */
export class BoundedCache<Value> {
  readonly #byKey = new Map<string, Cached<Value>>();

  constructor(private readonly entriesMax: number) {}

  get(key: string, nowMs: number): Value | undefined {
    const cached = this.#byKey.get(key);
    if (!cached) return undefined;
    this.#byKey.delete(key);
    if (cached.freshUntilMs <= nowMs) return undefined;
    // A map keeps the order of insertion, so inserting again makes it the newest.
    this.#byKey.set(key, cached);
    return cached.value;
  }

  set(key: string, value: Value, freshUntilMs: number): void {
    this.#byKey.delete(key);
    this.#byKey.set(key, { value, freshUntilMs });
    if (this.#byKey.size <= this.entriesMax) return;
    const [oldest] = this.#byKey.keys();
    if (oldest !== undefined) this.#byKey.delete(oldest);
  }

  delete(key: string): void {
    this.#byKey.delete(key);
  }
}
