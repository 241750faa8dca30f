import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { toJson, type Reply } from '../replies/to-json.js';

/** Before every public path. */
export const PREFIX = 'api';
/** At the root of the port for orchestrators; the public ones of the same names write the prefix out. */
const OUTSIDE_PREFIX = ['health', 'ready', 'metrics', 'api/health', 'api/ready'];

/** What decides paths and replies, and with it the OpenAPI document. */
export function configureRoutes(app: NestFastifyApplication): void {
  app.setGlobalPrefix(PREFIX, { exclude: OUTSIDE_PREFIX });
  const fastify = app.getHttpAdapter().getInstance();
  // Everything that controllers return is a Reply.
  fastify.setReplySerializer((payload) => toJson(payload as Reply));
}
