import { isOutage } from '@steelyard/platform/postgres';
import type { Logger } from '@steelyard/platform/observability';
import type { FactInbox } from '../inbox/index.js';
import type { FactConsumerMetrics } from './fact-consumer.metrics.js';
import type { FactIntake } from './fact-intake.js';
import type { FactSource } from './fact-source.js';
import type { OwnDeployment } from './own-deployment.js';

/** What a look needs. */
export interface CatchUpContext {
  readonly inbox: FactInbox;
  readonly source: FactSource;
  readonly intake: FactIntake;
  /** Told by every look: it may have been unknown, or the balance app may have got another database. */
  readonly deployment: OwnDeployment;
}

/**
 * Notices facts that never came: the broker lost or no longer keeps them, and no later fact of the bucket shows
 * the gap. A bucket that is behind and has not moved since the last look is read from the balance app.
 */
export class CatchUp {
  #last: ReadonlyMap<number, bigint> | undefined;
  #isStopping = false;

  constructor(
    private readonly context: CatchUpContext,
    private readonly metrics: FactConsumerMetrics,
    private readonly logger: Logger,
  ) {}

  /** One look at all buckets. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      // Readiness reports what is away; the next look does the same again.
      if (isOutage(error)) this.logger.debug({ error }, 'facts.catch-up.waiting');
      else this.logger.error({ error }, 'facts.catch-up.failed');
    }
  }

  /** A run under way ends with the bucket it is at. */
  stop(): void {
    this.#isStopping = true;
  }

  async #look(): Promise<void> {
    const { inbox, source, intake, deployment } = this.context;
    const told = await source.heads();
    deployment.learn(told);
    const positions = await inbox.positions();
    const last = this.#last;
    this.#last = positions;
    let behind = 0n;
    for (const [bucket, head] of told.heads) {
      const position = positions.get(bucket) ?? 0n;
      if (position >= head) continue;
      behind += head - position;
      const isStalled = last !== undefined && (last.get(bucket) ?? 0n) === position;
      if (this.#isStopping || !isStalled) continue;
      const { through } = await intake.pullThrough(bucket, position, head);
      behind -= through - position;
      this.logger.info({ bucket, facts: (through - position).toString() }, 'facts.caught-up');
    }
    this.metrics.setBehind(behind < 0n ? 0n : behind);
  }
}
