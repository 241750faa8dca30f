/** Deletes decided keys that need not be kept any longer. */
export abstract class ExpiredKeys {
  /** Deletes at most `limit` of those that expired before the instant; returns how many. */
  abstract deleteBefore(nowMs: number, limit: number): Promise<number>;
}

// Small enough that no lock lasts; a hundred slices a run keep up with 8,000 commands a second.
const SLICE_ROWS_MAX = 5_000;
const SLICES_MAX = 100;

/** Takes expired idempotency keys out, in bounded slices. Any number of replicas may run it at once. */
export class PurgeExpiredKeysHandler {
  readonly #keys: ExpiredKeys;
  readonly #now: () => number;

  constructor(keys: ExpiredKeys, now: () => number) {
    this.#keys = keys;
    this.#now = now;
  }

  /** @returns how many were deleted. */
  async execute(): Promise<number> {
    let deleted = 0;
    for (let slice = 0; slice < SLICES_MAX; slice++) {
      const rows = await this.#keys.deleteBefore(this.#now(), SLICE_ROWS_MAX);
      deleted += rows;
      if (rows < SLICE_ROWS_MAX) break;
    }
    return deleted;
  }
}
