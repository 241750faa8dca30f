import type { Logger } from '../observability/index.js';

const EXIT_OK = 0;
const EXIT_FAILED = 1;
/** Orchestrators kill after 10 to 30 seconds; what is under way takes far less. */
const SHUTDOWN_TIMEOUT_MS = 10_000;

/** The process that an app runs in: how it ends. */
export class AppProcess {
  readonly #logger: Logger;
  readonly #endings: (() => Promise<void>)[] = [];
  #stopping = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Reacts to signals, to the loss of the parent process, and to failures that nobody handled. */
  guard(): void {
    process.on('SIGTERM', () => void this.stop('SIGTERM'));
    process.on('SIGINT', () => void this.stop('SIGINT'));
    // The launcher holds the other end: when it dies, however it dies, its apps go too.
    process.on('disconnect', () => void this.stop('parent disconnected'));
    process.on('uncaughtException', (error) => this.fail(error, 'app.exception.uncaught'));
    process.on('unhandledRejection', (error) => this.fail(error, 'app.rejection.unhandled'));
  }

  /** Registers work for the shutdown; the last one registered runs first. */
  atTheEnd(work: () => Promise<void>): void {
    this.#endings.push(work);
  }

  /** Ends the process gracefully, or after a bounded time the hard way. Repeated calls change nothing. */
  async stop(reason: string): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#logger.info({ reason }, 'app.stopping');
    setTimeout(
      () => this.fail(new Error('the shutdown took too long'), 'app.stop.failed'),
      SHUTDOWN_TIMEOUT_MS,
    );
    for (const work of this.#endings.toReversed()) {
      await work().catch((error: unknown) => this.#logger.error({ error }, 'app.stop.incomplete'));
    }
    this.#logger.info({}, 'app.stopped');
    process.exit(EXIT_OK);
  }

  /** Ends the process at once: its state is not known any more. */
  fail(error: unknown, event: string): never {
    this.#logger.fatal({ error }, event);
    process.exit(EXIT_FAILED);
  }
}
