import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { withCorrelationId, type Logger } from '../observability/index.js';
import { OutageError } from '../outage/index.js';
import { problemOfFailure } from './problem-of-failure.js';
import type { ProblemError } from './problem-error.js';
import { sendProblem } from './send-problem.js';

/** Answers every failed HTTP request with problem+json. What is not the caller's doing is logged here, once. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(failure: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOfFailure(failure);
    // A malformed URL fails before the hook that sets the id for the request's work.
    withCorrelationId(request.id, () => this.#log(failure, problem, request));
    if (reply.sent) return;
    sendProblem(reply, request, problem);
  }

  #log(failure: unknown, problem: ProblemError, request: FastifyRequest): void {
    const fields = { error: failure, method: request.method, route: request.routeOptions.url ?? null };
    if (problem.code === 'INTERNAL') this.#logger.error(fields, 'http.failed');
    else if (failure instanceof OutageError) this.#logger.warn(fields, 'http.outage');
  }
}
