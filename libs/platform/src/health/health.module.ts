import {
  Module,
  type DynamicModule,
  type InjectionToken,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import type { Registry } from 'prom-client';
import { createMetrics, PLATFORM_VERSION, type Logger } from '../observability/index.js';
import { APP_IDENTITY, HealthController, METRICS, type AppIdentity } from './health.controller.js';
import { ReadinessCheck } from './readiness-check.js';
import { Readiness } from './readiness.js';

export interface HealthSettings {
  /** The app's name. */
  readonly app: string;
  /** Checks, or tokens of providers that `imports` export. */
  readonly checks: readonly (ReadinessCheck | InjectionToken<ReadinessCheck>)[];
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
  /** Default: the metrics of the Node process. */
  readonly metrics?: Registry;
  /** Told when a check's state changes. */
  readonly logger?: Logger;
}

/** GET /health (the process is up), /ready (it can work, 200 or 503) and /metrics (Prometheus). */
@Module({})
export class HealthModule {
  static register(settings: HealthSettings): DynamicModule {
    const identity: AppIdentity = { app: settings.app, version: PLATFORM_VERSION };
    return {
      module: HealthModule,
      imports: [...(settings.imports ?? [])],
      controllers: [HealthController],
      providers: [
        { provide: APP_IDENTITY, useValue: identity },
        { provide: METRICS, useValue: settings.metrics ?? createMetrics(settings.app) },
        readinessProvider(settings),
      ],
      exports: [Readiness],
    };
  }
}

function readinessProvider({ checks, logger }: HealthSettings): Provider {
  const given = checks.filter((check) => check instanceof ReadinessCheck);
  const tokens = checks.filter(
    (check): check is InjectionToken<ReadinessCheck> => !(check instanceof ReadinessCheck),
  );
  return {
    provide: Readiness,
    inject: tokens,
    useFactory: (...injected: ReadinessCheck[]) => new Readiness([...given, ...injected], logger),
  };
}
