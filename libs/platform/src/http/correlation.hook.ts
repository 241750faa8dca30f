import type { FastifyInstance } from 'fastify';
import { CORRELATION_HEADER, withCorrelationId } from '../observability/index.js';

/**
 * Handles each request under its id (fastifyOptions makes it the caller's X-Correlation-Id, or a fresh one) and
 * echoes it.
 */
export function useCorrelation(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header(CORRELATION_HEADER, request.id);
    withCorrelationId(request.id, done);
  });
  // The body's events come from the socket, outside of the first hook's context.
  fastify.addHook('preValidation', (request, _reply, done) => withCorrelationId(request.id, done));
}
