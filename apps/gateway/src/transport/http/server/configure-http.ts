import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { configureRoutes, PREFIX, useBodyLimits, useRequestMetrics } from '@steelyard/rest/server';
import type { Registry } from 'prom-client';
import { openApiDocument } from '../openapi/document.js';
import { useSecurityHeaders } from './security-headers.js';

const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
const EXPOSED_HEADERS = ['idempotency-replayed', 'x-correlation-id', 'retry-after'];

export interface HttpOptions {
  /** Origins of web pages that may call; none: no page may. */
  readonly corsOrigins: readonly string[];
  readonly metrics: Registry;
}

/** Prefix, reply format, limits, security headers, metrics and documentation. */
export async function configureHttp(app: NestFastifyApplication, options: HttpOptions): Promise<void> {
  configureRoutes(app);
  const fastify = app.getHttpAdapter().getInstance();
  useBodyLimits(fastify);
  useRequestMetrics(fastify, options.metrics);
  await useSecurityHeaders(app, `/${PREFIX}/docs`);
  if (options.corsOrigins.length > 0) {
    app.enableCors({
      origin: [...options.corsOrigins],
      methods: CORS_METHODS,
      exposedHeaders: EXPOSED_HEADERS,
    });
  }
  SwaggerModule.setup(`${PREFIX}/docs`, app, openApiDocument(app), {
    jsonDocumentUrl: `${PREFIX}/openapi.json`,
    raw: ['json'],
  });
}
