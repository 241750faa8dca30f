import { Interval } from '@nestjs/schedule';
import type { Logger } from '@steelyard/platform/observability';
import type { PurgeExpiredKeysHandler } from '../application/purge-expired-keys/purge-expired-keys.handler.js';

const EVERY_MS = 60_000;

/** Runs the purge every minute; one that is still running is not run over. */
export class PurgeExpiredKeysJob {
  #isRunning = false;

  constructor(
    private readonly handler: PurgeExpiredKeysHandler,
    private readonly logger: Logger,
  ) {}

  @Interval(EVERY_MS)
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      const deleted = await this.handler.execute();
      if (deleted > 0) this.logger.info({ deleted }, 'idempotency.purged');
    } catch (error) {
      this.logger.warn({ error }, 'idempotency.purge.failed');
    } finally {
      this.#isRunning = false;
    }
  }
}
