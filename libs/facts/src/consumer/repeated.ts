/** Work that is repeated in the background, one run at a time, until it is stopped. */
export class Repeated {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isStopped = false;

  /**
   * @param work never rejects: it says itself what went wrong.
   * @param intervalMs from the end of one run to the start of the next.
   */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly intervalMs: number,
  ) {}

  /** The first run is at once. */
  start(): void {
    this.#running = this.#run();
  }

  /** Waits for the run under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    await this.work();
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.start(), this.intervalMs);
  }
}
