import { PROBLEM_CONTENT_TYPE, problemFor } from '@steelyard/platform/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ChangeRefused } from '../../../application/change-balance/change-balance.handler.js';
import { problemOf, type Reply } from '@steelyard/rest/replies';
import { presentValidation } from '../money/money.presenter.js';

/** A refused change: the problem that every refusal is, and its validation. */
export function replyWithInvalidChange(
  request: FastifyRequest,
  reply: FastifyReply,
  { refusal, validation }: ChangeRefused,
): Reply {
  const path = request.url.split('?', 1)[0] ?? '';
  const problem = problemFor(problemOf(refusal), path, request.id);
  reply.status(problem.status).type(PROBLEM_CONTENT_TYPE);
  return { ...problem, validation: presentValidation(validation) };
}
