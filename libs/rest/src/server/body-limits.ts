import { finished } from 'node:stream';
import { ProblemError } from '@steelyard/platform/http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Of a body that is too large, so much is read and dropped before the answer; more is cut off. */
const DRAINED_BYTES_MAX = 32 * 1024 * 1024;

/** Lets routes that say so with `@RouteConfig({ bodyMaxBytes })` take larger bodies than the others. */
export function useBodyLimits(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const bodyMaxBytes = bodyMaxBytesIn(route.config);
    if (bodyMaxBytes !== undefined) route.bodyLimit = bodyMaxBytes;
  });
  // Answered at once, a client that is still writing meets a closed connection and never reads why.
  fastify.addHook('onRequest', (request, _reply, done) => {
    const lengthBytes = announcedBytes(request);
    if (lengthBytes <= request.routeOptions.bodyLimit || lengthBytes > DRAINED_BYTES_MAX) {
      done();
      return;
    }
    request.raw.resume();
    finished(request.raw, () => done(new ProblemError('PAYLOAD_TOO_LARGE')));
  });
}

function announcedBytes({ headers }: FastifyRequest): number {
  return Number.parseInt(headers['content-length'] ?? '0', 10);
}

function bodyMaxBytesIn(config: unknown): number | undefined {
  if (typeof config !== 'object' || config === null || !('bodyMaxBytes' in config)) return undefined;
  return typeof config.bodyMaxBytes === 'number' ? config.bodyMaxBytes : undefined;
}
