import type { Logger } from './logger.js';

/** Says once that something is away and once that it is back, however often it is told. */
export class OutageLog {
  readonly #logger: Logger;
  readonly #name: string;
  readonly #use: string;
  #isAway = false;

  /**
   * @param name the events are `<name>.lost` and `<name>.regained`.
   * @param use what for: an app may have several connections to the same thing.
   */
  constructor(logger: Logger, name: string, use: string) {
    this.#logger = logger;
    this.#name = name;
    this.#use = use;
  }

  lost(error?: unknown): void {
    if (this.#isAway) return;
    this.#isAway = true;
    const use = this.#use;
    this.#logger.warn(error === undefined ? { use } : { use, error }, `${this.#name}.lost`);
  }

  regained(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#logger.info({ use: this.#use }, `${this.#name}.regained`);
  }
}
