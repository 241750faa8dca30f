import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { factsV1 } from '@steelyard/contracts/grpc';
import { createLogger } from '@steelyard/platform/observability';
import { Registry } from 'prom-client';
import { FactConsumer, type FactConfig } from '../../src/consumer/index.js';
import type { FactHandler } from '../../src/inbox/index.js';
import { FactServer } from './fact-server.js';
import { useInbox, type InboxSuite } from './use-inbox.js';

/** A consumer that runs until the end of its test. */
export interface RunningConsumer {
  deliver(request: factsV1.DeliverRequest): Promise<factsV1.DeliverResponse>;
  /** The value of a metric without labels. */
  metric(name: string): Promise<number>;
  /** Names of the events it logged. */
  events(): string[];
  stop(): Promise<void>;
}

export interface ConsumerSuite {
  readonly inbox: InboxSuite;
  readonly source: FactServer;
  start(handlers: readonly FactHandler[], changes?: Partial<FactConfig>): RunningConsumer;
}

/** The deployment of the balance app, unless a test says otherwise. */
export const OWN_DEPLOYMENT = '0b1c7f5e-6a43-4d0c-9a55-3f5a3d1f7a10';

/** Never within a test, unless it asks for it. */
const LATER_MS = 3_600_000;

/** Consumers over a database of the suite's own. */
export function useConsumer(): ConsumerSuite {
  const inbox = useInbox();
  const source = new FactServer();
  let running: RunningConsumer[] = [];
  beforeAll(async () => source.start());
  beforeEach(() => {
    source.committed.length = 0;
    source.reads = 0;
    source.calls = 0;
    source.isAway = false;
    source.deploymentId = OWN_DEPLOYMENT;
  });
  afterEach(async () => {
    await Promise.all(running.map((consumer) => consumer.stop()));
    running = [];
  });
  afterAll(() => source.stop());
  return {
    inbox,
    source,
    start: (handlers, changes = {}) => {
      const config: FactConfig = {
        BALANCE_HOST: '127.0.0.1',
        BALANCE_GRPC_PORT: source.port,
        FACTS_ATTEMPTS_MAX: 3,
        FACTS_RETRY_DELAY_MS: 10,
        FACTS_CATCH_UP_INTERVAL_MS: LATER_MS,
        FACTS_DEAD_LETTER_INTERVAL_MS: LATER_MS,
        ...changes,
      };
      const consumer = run(inbox, handlers, config);
      running.push(consumer);
      return consumer;
    },
  };
}

function run(inbox: InboxSuite, handlers: readonly FactHandler[], config: FactConfig): RunningConsumer {
  const lines: string[] = [];
  const metrics = new Registry();
  const logger = createLogger('consumer', 'info', { write: (line: string) => void lines.push(line) });
  const consumer = new FactConsumer({ database: inbox, schema: 'consumer', handlers }, config, {
    name: 'consumer',
    version: '0',
    logger,
    metrics,
    onClose: () => undefined,
  });
  consumer.onApplicationBootstrap();
  let stopped: Promise<void> | undefined;
  return {
    deliver: async (request) => {
      const deliver = consumer.service.handlers['deliver'];
      return (await deliver?.(request)) as factsV1.DeliverResponse;
    },
    metric: async (name) => {
      const values = await metrics.getSingleMetric(name)?.get();
      return values?.values[0]?.value ?? NaN;
    },
    events: () => lines.map((line) => (JSON.parse(line) as { event: string }).event),
    stop: () => (stopped ??= consumer.onModuleDestroy()),
  };
}
