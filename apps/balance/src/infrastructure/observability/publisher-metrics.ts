import { OutageLog, type Logger } from '@steelyard/platform/observability';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Lag } from '../../application/publish-facts/fact-positions.port.js';
import type { FailureReport, PublisherObserver } from '../../application/publish-facts/publisher-observer.js';

export interface PublisherMetricsSettings {
  readonly consumers: readonly string[];
  /** Asked when somebody reads the metrics. */
  readonly lags: () => Promise<readonly Lag[]>;
}

/** The fact publisher's metrics and log lines. */
export class PublisherMetrics implements PublisherObserver {
  readonly #logger: Logger;
  readonly #delivered: Counter<'consumer'>;
  readonly #failures: Counter<'consumer'>;
  readonly #consumerLogs: ReadonlyMap<string, OutageLog>;
  readonly #positionsLog: OutageLog;

  constructor(registry: Registry, logger: Logger, settings: PublisherMetricsSettings) {
    const { consumers } = settings;
    const labels = { labelNames: ['consumer'] as const, registers: [registry] };
    this.#logger = logger;
    this.#delivered = new Counter({
      name: 'steelyard_facts_delivered_total',
      help: 'Facts that a consumer took from this process',
      ...labels,
    });
    this.#failures = new Counter({
      name: 'steelyard_facts_delivery_failures_total',
      help: 'Deliveries by this process that failed and are tried again',
      ...labels,
    });
    for (const consumer of consumers) {
      this.#delivered.inc({ consumer }, 0);
      this.#failures.inc({ consumer }, 0);
    }
    this.#consumerLogs = new Map(
      consumers.map((name) => [name, new OutageLog(logger, 'facts.consumer', name)]),
    );
    this.#positionsLog = new OutageLog(logger, 'facts.positions', 'facts');
    if (consumers.length > 0) watchLags(registry, settings);
  }

  delivered(consumer: string, facts: number): void {
    this.#delivered.inc({ consumer }, facts);
  }

  failed({ consumer, bucket, attempt, error }: FailureReport): void {
    this.#failures.inc({ consumer });
    this.#logger.debug({ consumer, bucket, attempt, error }, 'facts.delivery.failed');
    // An absence is told by the other two; the tenth time in a row is none that passes by itself.
    if (attempt !== STUBBORN_ATTEMPT) return;
    this.#logger.error({ consumer, bucket, attempt, error }, 'facts.delivery.stuck');
  }

  away(consumer: string, error: unknown): void {
    this.#consumerLogs.get(consumer)?.lost(error);
  }

  back(consumer: string): void {
    this.#consumerLogs.get(consumer)?.regained();
  }

  interrupted(error: unknown): void {
    this.#positionsLog.lost(error);
  }

  resumed(): void {
    this.#positionsLog.regained();
  }
}

const STUBBORN_ATTEMPT = 10;

/** Of all processes together: the positions are shared. */
function watchLags(registry: Registry, { lags }: PublisherMetricsSettings): void {
  let reading: Promise<readonly Lag[]> | undefined;
  const read = (): Promise<readonly Lag[]> => {
    // No value is better than one of long ago.
    reading ??= lags()
      .catch(() => [])
      .finally(() => (reading = undefined));
    return reading;
  };
  const gauge = (name: string, help: string, valueOf: (lag: Lag) => number): void => {
    const made: Gauge<'consumer'> = new Gauge({
      name,
      help,
      labelNames: ['consumer'],
      registers: [registry],
      collect: async () => {
        const current = await read();
        made.reset();
        for (const lag of current) made.set({ consumer: lag.consumer }, valueOf(lag));
      },
    });
  };
  gauge('steelyard_facts_behind', 'Committed facts that a consumer lacks', ({ facts }) => Number(facts));
  gauge(
    'steelyard_facts_behind_seconds',
    'Age of the oldest fact that a consumer lacks',
    ({ ageMs }) => ageMs / 1_000,
  );
}
