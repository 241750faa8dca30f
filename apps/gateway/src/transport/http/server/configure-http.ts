import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { Registry } from 'prom-client';
import { toJson, type Reply } from '../json/to-json.js';
import { openApiDocument } from '../openapi/document.js';
import { useBodyLimits } from './body-limits.js';
import { useRequestMetrics } from './request-metrics.js';
import { useSecurityHeaders } from './security-headers.js';

export const PREFIX = 'api';
/** At the root of the port for orchestrators; the public ones of the same names write the prefix out. */
const OUTSIDE_PREFIX = ['health', 'ready', 'metrics', 'api/health', 'api/ready'];
const CORS_METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'];
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

/** What decides paths and replies, and with it the OpenAPI document. */
export function configureRoutes(app: NestFastifyApplication): void {
  app.setGlobalPrefix(PREFIX, { exclude: OUTSIDE_PREFIX });
  const fastify = app.getHttpAdapter().getInstance();
  // Everything that controllers return is a Reply.
  fastify.setReplySerializer((payload) => toJson(payload as Reply));
}
