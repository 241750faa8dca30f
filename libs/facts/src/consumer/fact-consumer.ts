import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { factsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import type { ServedService } from '@steelyard/platform/rpc';
import { DeadLetters, FactInbox, type FactDatabase, type FactHandler } from '../inbox/index.js';
import { BucketWorkers } from './bucket-workers.js';
import { CatchUp } from './catch-up.js';
import { DeadLetterRetry } from './dead-letter-retry.js';
import { FactConsumerMetrics } from './fact-consumer.metrics.js';
import type { FactConfig } from './fact-env.js';
import { FactIntake } from './fact-intake.js';
import { factSink } from './fact-sink.js';
import { FactSource } from './fact-source.js';
import { JetStreamFeed } from './jetstream-feed.js';
import { OwnDeployment } from './own-deployment.js';
import { Repeated } from './repeated.js';

/** What an app does with facts, and where it keeps how far it came. */
export interface ConsumerSettings {
  readonly database: FactDatabase;
  /** The app's own schema, whose migrations created the inbox. */
  readonly schema: string;
  readonly handlers: readonly FactHandler[];
}

/** Reading a page of facts. */
const READ_DEADLINE_MS = 10_000;

/**
 * An app's consumption of facts: pushed to it over gRPC, from JetStream when there is a NATS, and read from the
 * balance app where they did not come. A provider of the app's module; `service` is listed with its services.
 */
export class FactConsumer implements OnApplicationBootstrap, OnModuleDestroy {
  /** Facts are pushed to it. */
  readonly service: ServedService;
  readonly #source: FactSource;
  readonly #feed: JetStreamFeed | undefined;
  readonly #catchUp: CatchUp;
  readonly #repeated: readonly Repeated[];

  constructor({ database, schema, handlers }: ConsumerSettings, config: FactConfig, runtime: AppRuntime) {
    const { name: app, logger } = runtime;
    const { FACTS_ATTEMPTS_MAX: attemptsMax, FACTS_RETRY_DELAY_MS: retryDelayMs, NATS_URL } = config;
    const metrics = new FactConsumerMetrics(runtime.metrics);
    const inbox = new FactInbox(database, handlers, { schema, attemptsMax, retryDelayMs });
    this.#source = openSource(config);
    const intake = new FactIntake(inbox, this.#source, metrics, logger);
    const deployment = new OwnDeployment(this.#source, metrics, logger);
    this.service = factSink(intake);
    this.#feed =
      NATS_URL === undefined
        ? undefined
        : new JetStreamFeed(
            { natsUrl: NATS_URL, app },
            { deployment, workers: new BucketWorkers(intake, deployment, logger) },
            logger,
          );
    this.#catchUp = new CatchUp({ inbox, source: this.#source, intake, deployment }, metrics, logger);
    const retry = new DeadLetterRetry(new DeadLetters(database, handlers, { schema }), metrics, logger);
    this.#repeated = [
      new Repeated(() => this.#catchUp.run(), config.FACTS_CATCH_UP_INTERVAL_MS),
      new Repeated(() => retry.run(), config.FACTS_DEAD_LETTER_INTERVAL_MS),
    ];
  }

  onApplicationBootstrap(): void {
    this.#feed?.start();
    for (const repeated of this.#repeated) repeated.start();
  }

  /** Finishes what is being applied. */
  async onModuleDestroy(): Promise<void> {
    this.#catchUp.stop();
    await Promise.all([this.#feed?.stop(), ...this.#repeated.map((repeated) => repeated.stop())]);
    await this.#source.close();
  }
}

function openSource({ BALANCE_HOST, BALANCE_GRPC_PORT }: FactConfig): FactSource {
  return new FactSource(
    grpcClient(factsV1.FactServiceService, {
      address: `${BALANCE_HOST}:${BALANCE_GRPC_PORT}`,
      deadlineMs: READ_DEADLINE_MS,
    }),
  );
}
