import { setTimeout as delay } from 'node:timers/promises';

/** A process as the supervisor sees it. */
export interface SupervisedProcess {
  readonly exited: Promise<unknown>;
  stop(): Promise<unknown>;
}

/** What the supervisor needs to keep one process running. */
export interface SupervisorOptions<Process extends SupervisedProcess> {
  readonly name: string;
  /** Starts the process and resolves once it is ready; gives up early when the signal is aborted. */
  readonly launch: (stopping: AbortSignal) => Promise<Process>;
  /** A death or a restart, for the console. */
  readonly onNotice: (text: string) => void;
  /** The process died too often in a row and is not started again. */
  readonly onGivenUp: (text: string) => void;
  readonly policy?: RestartPolicy;
}

export interface RestartPolicy {
  /** A process that lived at least this long has earned a fresh count. */
  readonly healthyAfterMs: number;
  readonly quickDeathsMax: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** Five attempts take about fifteen seconds: a passing cause is over by then, a lasting one is reported soon. */
const DEFAULT_POLICY: RestartPolicy = {
  healthyAfterMs: 30_000,
  quickDeathsMax: 5,
  firstDelayMs: 500,
  longestDelayMs: 8_000,
};

/** Keeps one process running: starts it again when it dies, with growing pauses, and gives up in the end. */
export class Supervisor<Process extends SupervisedProcess> {
  readonly #options: SupervisorOptions<Process>;
  readonly #policy: RestartPolicy;
  readonly #stopping = new AbortController();
  #watching: Promise<void> = Promise.resolve();
  #current: Process | undefined;

  constructor(options: SupervisorOptions<Process>) {
    this.#options = options;
    this.#policy = options.policy ?? DEFAULT_POLICY;
  }

  /** The running process; undefined while there is none. */
  get current(): Process | undefined {
    return this.#current;
  }

  /** Starts the process for the first time. A failure is the caller's: what cannot start at all is not retried. */
  async start(): Promise<void> {
    const launched = this.#options.launch(this.#stopping.signal);
    this.#watching = launched.then((process) => this.#watch(process)).catch(() => undefined);
    await launched;
  }

  /** Stops the process for good, also in the middle of a start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#current?.stop();
    await this.#watching;
  }

  async #watch(first: Process): Promise<void> {
    let quickDeaths = 0;
    for (let running: Process | undefined = first; running !== undefined;) {
      this.#current = running;
      if (this.#isStopping) await running.stop();
      const startedAt = Date.now();
      await running.exited;
      this.#current = undefined;
      if (this.#isStopping) return;
      quickDeaths = Date.now() - startedAt >= this.#policy.healthyAfterMs ? 1 : quickDeaths + 1;
      running = await this.#relaunch(quickDeaths);
    }
  }

  /** Tries until the process is up, the platform stops, or the deaths are too many. */
  async #relaunch(deathsBefore: number): Promise<Process | undefined> {
    const { name, onNotice, onGivenUp } = this.#options;
    for (let deaths = deathsBefore; deaths <= this.#policy.quickDeathsMax; deaths += 1) {
      const pauseMs = Math.min(this.#policy.firstDelayMs * 2 ** (deaths - 1), this.#policy.longestDelayMs);
      onNotice(`${name} ended unexpectedly, starting it again in ${pauseMs} ms`);
      const started = await this.#pauseAndLaunch(pauseMs);
      if (started !== undefined || this.#isStopping) return started;
    }
    onGivenUp(`${name} ended ${this.#policy.quickDeathsMax + 1} times in a row`);
    return undefined;
  }

  async #pauseAndLaunch(pauseMs: number): Promise<Process | undefined> {
    const { signal } = this.#stopping;
    try {
      await delay(pauseMs, undefined, { signal });
      return await this.#options.launch(signal);
    } catch (error) {
      if (!this.#isStopping) this.#options.onNotice(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  // Behind a getter, so that the compiler does not take an earlier answer for a lasting one.
  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }
}
