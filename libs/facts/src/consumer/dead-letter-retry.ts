import { isOutage } from '@steelyard/platform/postgres';
import type { Logger } from '@steelyard/platform/observability';
import type { DeadLetters } from '../inbox/index.js';
import type { FactConsumerMetrics } from './fact-consumer.metrics.js';

/** Tries dead letters again: a new release may have put right what they failed on. */
export class DeadLetterRetry {
  constructor(
    private readonly letters: DeadLetters,
    private readonly metrics: FactConsumerMetrics,
    private readonly logger: Logger,
  ) {}

  /** All of them once. Never rejects. */
  async run(): Promise<void> {
    try {
      const { applied, failures } = await this.letters.redeliver();
      if (applied > 0) this.logger.info({ applied }, 'fact.dead-letters.applied');
      if (failures.length > 0) this.logger.error({ letters: failures.length }, 'fact.dead-letters.remain');
      this.metrics.setDeadLetters(await this.letters.count());
    } catch (error) {
      if (isOutage(error)) this.logger.debug({ error }, 'fact.dead-letters.waiting');
      else this.logger.error({ error }, 'fact.dead-letters.failed');
    }
  }
}
