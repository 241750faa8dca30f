import type { DynamicModule, Type } from '@nestjs/common';
import { grpcController } from '@steelyard/platform/grpc';
import {
  DatabaseReadiness,
  GrpcPeerReadiness,
  HealthModule,
  readinessOfNats,
} from '@steelyard/platform/health';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { openNatsLink, servedOverNats, type NatsConfig } from '@steelyard/platform/messaging';
import { SchemaConnector, ServiceDatabase, type OwnedSchema } from '@steelyard/platform/postgres';
import type { ServedService } from '@steelyard/platform/rpc';
import { FactConsumer, type FactConfig } from '../consumer/index.js';
import type { FactHandler } from '../inbox/index.js';

/** What an app is that keeps nothing but what it derives from facts. */
export interface FactAppSettings {
  readonly module: Type<object>;
  /** Its migrations create the inbox. */
  readonly schema: OwnedSchema;
  readonly poolSizeMax: number;
  /** In the order in which they are given a fact. */
  readonly handlers: readonly FactHandler[];
  /** What it serves beside the delivery of facts, over what it keeps. */
  readonly services: (database: ServiceDatabase) => readonly ServedService[];
}

/** What of its configuration matters here. */
export interface FactAppConfig extends FactConfig, NatsConfig {
  readonly DATABASE_URL: string;
  readonly DATABASE_ROLE: string | undefined;
}

/**
 * The module of an app that derives something from facts: its schema, its consumption, its services over gRPC and,
 * when asked to, over NATS. It is ready when its database, the balance app and a NATS that it needs are there; the
 * database is waited for in the background.
 *
 * @throws OutageError when NATS is required and does not come up.
 */
export async function factAppModule(
  { module, schema, poolSizeMax, handlers, services }: FactAppSettings,
  config: FactAppConfig,
  runtime: AppRuntime,
): Promise<DynamicModule> {
  const { name: app, metrics, logger } = runtime;
  const database = new ServiceDatabase(app);
  const connection = { url: config.DATABASE_URL, role: config.DATABASE_ROLE, sizeMax: poolSizeMax };
  const connector = new SchemaConnector(schema, connection, database, logger);
  runtime.onClose(() => connector.stop());
  connector.start();
  const nats = await openNatsLink(config, runtime);
  const facts = new FactConsumer({ database, schema: schema.schema, handlers }, config, runtime);
  const served = [...services(database), facts.service];
  const checks = [
    new DatabaseReadiness(database),
    new GrpcPeerReadiness('balance', `${config.BALANCE_HOST}:${config.BALANCE_GRPC_PORT}`),
    ...readinessOfNats(nats),
  ];
  return {
    module,
    imports: [HealthModule.register({ app, checks, metrics, logger })],
    controllers: served.map((service) => grpcController(service)),
    providers: [{ provide: FactConsumer, useValue: facts }, ...servedOverNats(nats, served, runtime)],
  };
}
