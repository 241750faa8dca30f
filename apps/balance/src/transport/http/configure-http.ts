import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AllowedMethods,
  configureRoutes,
  useBodyLimits,
  useDataHeaders,
  useRequestMetrics,
} from '@steelyard/rest/server';
import type { Registry } from 'prom-client';

/** Paths and replies as at the gateway; documentation and pages are the gateway's. */
export function configureHttp(app: NestFastifyApplication, metrics: Registry): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.get(AllowedMethods).watch(fastify);
  configureRoutes(app);
  useBodyLimits(fastify);
  useRequestMetrics(fastify, metrics);
  useDataHeaders(fastify);
}
