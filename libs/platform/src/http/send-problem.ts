import type { FastifyReply, FastifyRequest } from 'fastify';
import { CORRELATION_HEADER } from '../observability/index.js';
import type { ProblemError } from './problem-error.js';
import { PROBLEM_CONTENT_TYPE, problemFor } from './problem.js';

/** Answers a request with a problem. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: ProblemError): void {
  const body = problemFor(problem, request.url.split('?', 1)[0] ?? '', request.id);
  const { retryAfterSeconds } = problem.details;
  reply.status(body.status).header(CORRELATION_HEADER, request.id).type(PROBLEM_CONTENT_TYPE);
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  reply.send(JSON.stringify(body));
}
