import type { Logger } from '@steelyard/platform/observability';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { EngineObserver } from '../../application/posting-engine/batch-writer.js';

const COMMANDS_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000];
const SECONDS_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5];

/** The posting engine's metrics and log lines. */
export class EngineMetrics implements EngineObserver {
  readonly #logger: Logger;
  readonly #onCommitted: (() => void) | undefined;
  readonly #commands: Histogram<'mode'>;
  readonly #seconds: Histogram<'mode'>;
  readonly #conflicts: Counter;
  readonly #outages: Counter;
  readonly #inflations: Counter;

  /** @param onCommitted told of every commit besides. */
  constructor(registry: Registry, logger: Logger, onCommitted?: () => void) {
    this.#logger = logger;
    this.#onCommitted = onCommitted;
    const registers = [registry];
    const labelNames = ['mode'] as const;
    this.#commands = new Histogram({
      name: 'steelyard_posting_batch_commands',
      help: 'Commands in a committed batch',
      buckets: COMMANDS_BUCKETS,
      labelNames,
      registers,
    });
    this.#seconds = new Histogram({
      name: 'steelyard_posting_batch_seconds',
      help: 'From taking a batch to its commit',
      buckets: SECONDS_BUCKETS,
      labelNames,
      registers,
    });
    this.#conflicts = new Counter({
      name: 'steelyard_posting_conflicts_total',
      help: 'Batches decided again because another process had written the same buckets',
      registers,
    });
    this.#outages = new Counter({
      name: 'steelyard_posting_outages_total',
      help: 'Attempts to write a batch that met an outage of PostgreSQL',
      registers,
    });
    this.#inflations = new Counter({
      name: 'steelyard_escrow_inflations_total',
      help: 'Movements that took more from an observed table than was on it',
      registers,
    });
  }

  inflated({ transactionId }: Parameters<EngineObserver['inflated']>[0]): void {
    this.#inflations.inc();
    this.#logger.warn({ transactionId }, 'inflation.detected');
  }

  committed({ commands, durationMs, isCautious }: Parameters<EngineObserver['committed']>[0]): void {
    this.#onCommitted?.();
    const mode = isCautious ? 'cautious' : 'swift';
    this.#commands.observe({ mode }, commands);
    this.#seconds.observe({ mode }, durationMs / 1_000);
  }

  stale(reason: string): void {
    this.#conflicts.inc();
    this.#logger.debug({ reason }, 'posting.batch.stale');
  }

  outage(error: Error): void {
    this.#outages.inc();
    this.#logger.warn({ error }, 'posting.outage');
  }

  failed(error: Error): void {
    this.#logger.error({ error }, 'posting.command.failed');
  }
}
