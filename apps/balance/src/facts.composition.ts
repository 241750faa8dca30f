import { randomUUID } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { factsV1 } from '@steelyard/contracts/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { openEventLink, type NatsLink } from '@steelyard/platform/messaging';
import { createPool, TimePartitions, type Pool } from '@steelyard/platform/postgres';
import { serve, type ServedService } from '@steelyard/platform/rpc';
import { FactPublisher } from './application/publish-facts/fact-publisher.js';
import type { FactPositions } from './application/publish-facts/fact-positions.port.js';
import type { FactSink } from './application/publish-facts/fact-sink.port.js';
import type { FactTail } from './application/read-facts/fact-tail.port.js';
import { ReadFactsHandler } from './application/read-facts/read-facts.handler.js';
import type { BalanceConfig } from './config.js';
import { GrpcFactSink } from './infrastructure/delivery/grpc-fact-sink.js';
import { JetStreamFactSink } from './infrastructure/delivery/jetstream-fact-sink.js';
import { PublisherMetrics } from './infrastructure/observability/publisher-metrics.js';
import { FACT_DELIVERIES } from './infrastructure/postgres/fact-deliveries.js';
import { FactPositionsRepository } from './infrastructure/postgres/fact-positions.repository.js';
import { FactTailRepository } from './infrastructure/postgres/fact-tail.repository.js';
import { BALANCE_ROLE } from './infrastructure/postgres/schema-setup.js';
import { SharedFactTail } from './infrastructure/postgres/shared-fact-tail.js';
import { MaintainPartitionsJob } from './jobs/maintain-partitions.job.js';
import { PublishFactsJob } from './jobs/publish-facts.job.js';
import { factRpcHandlers } from './transport/fact-rpc-handlers.js';

/** Of its own, so that deliveries never take a connection from postings. */
const POOL_SIZE = 4;
const STATEMENT_TIMEOUT_MS = 10_000;
/** An attempt must end well before its lease does; the rest is for reading and for moving the position. */
const ATTEMPT_SHARE = 0.6;
/** A process that posts goes on delivering what it posts; one that does not lets others have it. */
const KEEP_LEASES_MS = 2_000;

export interface ComposedFacts {
  readonly service: ServedService;
  readonly providers: readonly Provider[];
  /** To be called after each commit of this process. */
  readonly onCommitted: () => void;
}

/** Facts on their way out: pushed to consumers or published to NATS, and read by whoever missed some. */
export async function composeFacts(
  config: BalanceConfig,
  runtime: AppRuntime,
  natsOfCalls: NatsLink | undefined,
): Promise<ComposedFacts> {
  const pool = openPool(config, runtime);
  const tail = new FactTailRepository(pool);
  const sinks = await openSinks(config, runtime, { nats: natsOfCalls, tail });
  const positions = openPositions(pool, config, runtime);
  const publisher = new FactPublisher(
    { tail: new SharedFactTail(tail), positions, sinks, observer: observerOf(sinks, positions, runtime) },
    { pollIntervalMs: config.FACTS_POLL_INTERVAL_MS, keepLeasesMs: KEEP_LEASES_MS, now: Date.now },
  );
  const deliveries = {
    name: FACT_DELIVERIES.table,
    partitions: new TimePartitions(pool, FACT_DELIVERIES),
    retentionMs: config.FACT_DELIVERIES_RETENTION_MS,
  };
  const partitionsJob = new MaintainPartitionsJob([deliveries], runtime.logger);
  const handlers = factRpcHandlers(new ReadFactsHandler(tail), config.BUCKETS);
  return {
    service: serve(factsV1.FactServiceService, handlers),
    providers: [
      { provide: PublishFactsJob, useValue: new PublishFactsJob(publisher) },
      { provide: MaintainPartitionsJob, useValue: partitionsJob },
    ],
    onCommitted: () => publisher.nudge(),
  };
}

function openPool(config: BalanceConfig, { logger, onClose }: AppRuntime): Pool {
  const pool = createPool({
    url: config.DATABASE_URL,
    role: BALANCE_ROLE,
    applicationName: 'steelyard balance facts',
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    sizeMax: POOL_SIZE,
    // A position that a crash of PostgreSQL takes back means a delivery that is repeated: postings need not wait for
    // the disk with it. What a crash takes back of facts was never read: postings are visible when they are on disk.
    settings: { synchronous_commit: 'off' },
    onConnectionLost: (error) => logger.debug({ error }, 'postgres.connection.lost'),
  });
  onClose(() => pool.end());
  return pool;
}

function openPositions(pool: Pool, config: BalanceConfig, { logger }: AppRuntime): FactPositions {
  return new FactPositionsRepository(pool, {
    owner: randomUUID(),
    leaseMs: config.FACTS_LEASE_MS,
    attemptMaxMs: attemptMsOf(config),
    onLogFailed: (error) => logger.warn({ error }, 'facts.delivery.unlogged'),
  });
}

/** The broker takes facts for all; without one every consumer gets them for itself. */
async function openSinks(
  config: BalanceConfig,
  runtime: AppRuntime,
  { nats: natsOfCalls, tail }: { readonly nats: NatsLink | undefined; readonly tail: FactTail },
): Promise<readonly FactSink[]> {
  if (config.FACT_CONSUMERS.length === 0) return [];
  const deadlineMs = attemptMsOf(config);
  const nats = await openEventLink(config, runtime, natsOfCalls);
  if (nats) {
    const { deploymentId } = await tail.heads();
    return [
      new JetStreamFactSink(nats, { deploymentId, maxAgeMs: config.FACTS_STREAM_MAX_AGE_MS, deadlineMs }),
    ];
  }
  const addresses = {
    ledger: `${config.LEDGER_HOST}:${config.LEDGER_GRPC_PORT}`,
    notifications: `${config.NOTIFICATIONS_HOST}:${config.NOTIFICATIONS_GRPC_PORT}`,
    analytics: `${config.ANALYTICS_HOST}:${config.ANALYTICS_GRPC_PORT}`,
  };
  return config.FACT_CONSUMERS.map((consumer) => {
    const sink = new GrpcFactSink({ consumer, address: addresses[consumer], deadlineMs });
    runtime.onClose(() => sink.close());
    return sink;
  });
}

function observerOf(
  sinks: readonly FactSink[],
  positions: FactPositions,
  { metrics, logger }: AppRuntime,
): PublisherMetrics {
  const consumers = sinks.map(({ consumer }) => consumer);
  return new PublisherMetrics(metrics, logger, { consumers, lags: () => positions.lags(consumers) });
}

function attemptMsOf({ FACTS_LEASE_MS }: BalanceConfig): number {
  return Math.floor(FACTS_LEASE_MS * ATTEMPT_SHARE);
}
