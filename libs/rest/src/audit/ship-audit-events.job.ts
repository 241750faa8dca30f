import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import { OutageLog, type Logger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/outage';
import type { ShipAuditEventsHandler } from './ship-audit-events.handler.js';

const INTERVAL_MS = 500;
const INTERVAL_MAX_MS = 10_000;

/** Empties the outbox all the time, less often while something is away. */
export class ShipAuditEventsJob implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly #outages: OutageLog;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #delayMs = INTERVAL_MS;
  #isStopped = false;

  constructor(
    private readonly handler: ShipAuditEventsHandler,
    private readonly logger: Logger,
  ) {
    this.#outages = new OutageLog(logger, 'audit-trail', 'audit');
  }

  onApplicationBootstrap(): void {
    this.#schedule(INTERVAL_MS);
  }

  /** Lets the turn under way end. */
  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  /** The last requests are answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.handler.flush().catch((error: unknown) => this.logger.error({ error }, 'audit.deferred.lost'));
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#run();
    }, delayMs);
  }

  async #run(): Promise<void> {
    try {
      const hasMore = await this.handler.execute();
      this.#outages.regained();
      this.#delayMs = INTERVAL_MS;
      this.#schedule(hasMore ? 0 : INTERVAL_MS);
    } catch (error) {
      if (error instanceof OutageError) this.#outages.lost(error);
      else this.logger.error({ error }, 'audit.shipping.failed');
      this.#delayMs = Math.min(this.#delayMs * 2, INTERVAL_MAX_MS);
      this.#schedule(this.#delayMs);
    }
  }
}
