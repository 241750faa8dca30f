import type { Socket } from 'node:net';
import type { FastifyServerOptions } from 'fastify';
import { acceptCorrelationId, CORRELATION_HEADER, newCorrelationId } from '../observability/index.js';
import { ProblemError } from './problem-error.js';
import { problemOfFailure } from './problem-of-failure.js';
import { PROBLEM_CONTENT_TYPE, problemFor } from './problem.js';
import { sendProblem } from './send-problem.js';

export interface HttpSettings {
  /** Default 64 KiB. A route may allow more for itself. */
  readonly bodyMaxBytes?: number;
  /** Take the caller's address from X-Forwarded-For. Only behind a proxy that sets it. Default false. */
  readonly trustProxy?: boolean;
}

/** A single command is a few hundred bytes, with metadata at its limit a few KiB. */
export const BODY_MAX_BYTES = 64 * 1024;
/** Percent-encoded, the longest account id is three times as long as it is. */
const PARAM_LENGTH_MAX = 1_024;
/** A client that has not sent its whole request by then holds a connection for nothing. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeout of usual load balancers, so that it is they who close. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** Fastify's options: every limit explicit, and the correlation id as the request's id. */
export function fastifyOptions({ bodyMaxBytes = BODY_MAX_BYTES, trustProxy = false }: HttpSettings = {}) {
  return {
    logger: false,
    bodyLimit: bodyMaxBytes,
    trustProxy,
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // Idle connections are closed at shutdown; requests under way are answered.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: (request) => acceptCorrelationId(request.headers[CORRELATION_HEADER]),
    // A URL that is malformed or has too long a parameter never reaches Nest.
    frameworkErrors: (error, request, reply) => sendProblem(reply, request, problemOfFailure(error)),
    clientErrorHandler: (_error, socket) => refuseMalformed(socket),
  } satisfies FastifyServerOptions;
}

// What came is not HTTP, or its head is too large: there is no request to answer, only a socket.
function refuseMalformed(socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const correlationId = newCorrelationId();
  const problem = problemFor(
    new ProblemError('INVALID_REQUEST', 'the request is not valid HTTP'),
    '',
    correlationId,
  );
  const body = JSON.stringify(problem);
  socket.end(
    [
      'HTTP/1.1 400 Bad Request',
      `content-type: ${PROBLEM_CONTENT_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `${CORRELATION_HEADER}: ${correlationId}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
