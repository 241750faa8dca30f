import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Registry } from 'prom-client';
import type { GrpcServerSettings } from '../grpc/index.js';
import type { HttpSettings } from '../http/index.js';
import type { Logger, LogLevel } from '../observability/index.js';

/** What every app's configuration has. `commonEnv` provides it. */
export interface AppConfig {
  readonly LOG_LEVEL: LogLevel;
}

/** What the process gives to the app's modules. */
export interface AppRuntime {
  /** The app's name. */
  readonly name: string;
  readonly version: string;
  readonly logger: Logger;
  /** Register the app's own metrics here, with labels from closed sets. */
  readonly metrics: Registry;
  /**
   * Work for the very end, when no request is under way any more: end pools and connections here. The last one
   * registered runs first.
   */
  readonly onClose: (work: () => Promise<void>) => void;
}

/** An app: what runApp needs to start it. */
export interface AppDefinition<Config extends AppConfig> {
  readonly name: string;
  /** Usually `() => parseConfig(schema)`. */
  readonly loadConfig: () => Config;
  /** The composition root, made from the configuration. */
  readonly module: (config: Config, runtime: AppRuntime) => AppModule | Promise<AppModule>;
  /** Where to listen for HTTP. */
  readonly port: (config: Config) => number;
  readonly host: (config: Config) => string;
  /** Serves gRPC too, with correlation ids and our error statuses. */
  readonly grpc?: (config: Config) => GrpcServerSettings;
  readonly http?: (config: Config) => HttpSettings;
  /** Prefixes, hooks, guards, documentation: called before the app initializes. */
  readonly configure?: (
    app: NestFastifyApplication,
    config: Config,
    runtime: AppRuntime,
  ) => void | Promise<void>;
}

export type AppModule = DynamicModule | Type<unknown>;
