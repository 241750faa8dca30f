import type { JsMsg } from '@nats-io/jetstream';
import { OutageError } from '@steelyard/platform/outage';
import type { Logger } from '@steelyard/platform/observability';
import { deploymentOf } from '../stream/index.js';
import type { FactConsumerMetrics } from './fact-consumer.metrics.js';
import type { FactSource, SourceHeads } from './fact-source.js';

/**
 * Which deployment's facts are consumed: the balance app says so. A NATS server may still hold those of another one,
 * which carry the same buckets and sequences and mean something else.
 */
export class OwnDeployment {
  #id: string | undefined;
  #hasWarned = false;

  constructor(
    private readonly source: FactSource,
    private readonly metrics: FactConsumerMetrics,
    private readonly logger: Logger,
  ) {}

  /** Asks the balance app until it was told once. @throws OutageError when the balance app does not say. */
  async ensureKnown(): Promise<void> {
    if (this.#isKnown()) return;
    this.learn(await this.source.heads());
    if (!this.#isKnown()) throw new OutageError('the balance app does not name its deployment yet');
  }

  /** A balance app of a release that has no ids says nothing. */
  learn({ deploymentId }: SourceHeads): void {
    if (deploymentId !== '') this.#id = deploymentId;
  }

  #isKnown(): boolean {
    return this.#id !== undefined;
  }

  /** Counts messages that are not, and says so the first time. Nothing is while the deployment is unknown. */
  owns(message: JsMsg): boolean {
    const deployment = deploymentOf(message);
    if (deployment !== undefined && deployment === this.#id) return true;
    this.metrics.countForeign();
    if (!this.#hasWarned) this.logger.warn({ deployment, own: this.#id }, 'facts.stream.foreign');
    this.#hasWarned = true;
    return false;
  }
}
