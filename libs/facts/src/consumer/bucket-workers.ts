import type { JsMsg } from '@nats-io/jetstream';
import { factsV1 } from '@steelyard/contracts/grpc';
import { isOutage } from '@steelyard/platform/postgres';
import { OutageLog, type Logger } from '@steelyard/platform/observability';
import type { Fact } from '../inbox/index.js';
import type { FactIntake } from './fact-intake.js';
import type { OwnDeployment } from './own-deployment.js';

/** A message and the fact in it. */
interface Delivery {
  readonly message: JsMsg;
  readonly fact: Fact;
}

/** Buckets worked on at once: each holds a connection to the database. */
const BUCKETS_AT_ONCE_MAX = 4;
/** Of one bucket in one transaction. */
const BATCH_SIZE_MAX = 500;
/** Messages come again after this when the database or the balance app is away. */
const OUTAGE_DELAY_MS = 1_000;

/** Takes messages as they come and applies those of a bucket together, one batch of a bucket at a time. */
export class BucketWorkers {
  readonly #waiting = new Map<number, Delivery[]>();
  readonly #working = new Map<number, Promise<void>>();
  readonly #log: OutageLog;
  #isStopping = false;

  constructor(
    private readonly intake: FactIntake,
    private readonly deployment: OwnDeployment,
    private readonly logger: Logger,
  ) {
    this.#log = new OutageLog(logger, 'facts.application', 'facts');
  }

  /** Queues a message, or drops one of another deployment; how many there can be is bounded by the consumer. */
  take(message: JsMsg): void {
    if (this.#isStopping) return;
    if (!this.deployment.owns(message)) {
      message.ack();
      return;
    }
    const fact = this.#decode(message);
    if (fact === undefined) return;
    const deliveries = this.#waiting.get(fact.bucket);
    if (deliveries === undefined) this.#waiting.set(fact.bucket, [{ message, fact }]);
    else deliveries.push({ message, fact });
    this.#startWorkers();
  }

  /** Finishes the batches under way; messages that wait stay unacknowledged and go to another process. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#working.values());
    for (const { message } of [...this.#waiting.values()].flat()) message.nak();
    this.#waiting.clear();
  }

  #startWorkers(): void {
    if (this.#isStopping) return;
    for (const bucket of this.#waiting.keys()) {
      if (this.#working.size >= BUCKETS_AT_ONCE_MAX) return;
      if (this.#working.has(bucket)) continue;
      const work = this.#work(bucket).finally(() => {
        this.#working.delete(bucket);
        this.#startWorkers();
      });
      this.#working.set(bucket, work);
    }
  }

  /** One batch: the bucket then queues up again behind the others. */
  async #work(bucket: number): Promise<void> {
    const deliveries = this.#waiting.get(bucket) ?? [];
    this.#waiting.delete(bucket);
    const batch = deliveries.slice(0, BATCH_SIZE_MAX);
    if (deliveries.length > batch.length) this.#waiting.set(bucket, deliveries.slice(batch.length));
    try {
      await this.#settle(bucket, batch);
      this.#log.regained();
    } catch (error) {
      if (isOutage(error)) this.#log.lost(error);
      else this.logger.error({ bucket, error }, 'facts.application.failed');
      for (const { message } of batch) message.nak(OUTAGE_DELAY_MS);
    }
  }

  /** Acknowledges what is applied, after the commit. */
  async #settle(bucket: number, batch: readonly Delivery[]): Promise<void> {
    const facts = batch.map(({ fact }) => fact);
    const stillWorking = () => batch.forEach(({ message }) => message.working());
    const { through, retryAtMs } = await this.intake.take(bucket, facts, stillWorking);
    const waitMs = retryAtMs === undefined ? OUTAGE_DELAY_MS : Math.max(0, retryAtMs - Date.now());
    for (const { message, fact } of batch) {
      if (fact.sequence <= through) message.ack();
      else message.nak(waitMs);
    }
  }

  #decode(message: JsMsg): Fact | undefined {
    try {
      return factsV1.Fact.decode(message.data);
    } catch (error) {
      // Never a fact of ours: the gap it leaves, if it is one, is closed by reading it from the balance app.
      this.logger.error({ subject: message.subject, error }, 'facts.message.unreadable');
      message.term();
      return undefined;
    }
  }
}
