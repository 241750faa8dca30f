import { SteelyardProtocolError, type Refused } from '@steelyard/client';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Broken, RuleCode } from '../game/index.js';
import { isOutage } from '../room/room.js';

const BAD_REQUEST = 400;
const NOT_FOUND = 404;
const CONFLICT = 409;
const BAD_GATEWAY = 502;
const UNAVAILABLE = 503;

/** Rules that are not about the moment: asking later does not help. The others are conflicts with what is going on. */
const STATUS_OF_RULE: Partial<Record<RuleCode, number>> = {
  SEAT_UNKNOWN: BAD_REQUEST,
  BUY_IN_OUT_OF_RANGE: BAD_REQUEST,
  AMOUNT_NOT_POSSIBLE: BAD_REQUEST,
  WINNERS_NOT_POSSIBLE: BAD_REQUEST,
  SEAT_EMPTY: NOT_FOUND,
  NO_HAND: NOT_FOUND,
};

/** There is no such table. */
export class TableUnknownError extends Error {
  override readonly name = 'TableUnknownError';
}

/** A rule of the table, or the platform, says no. */
export function sendDenied(reply: FastifyReply, denied: Broken | Refused): FastifyReply {
  if ('error' in denied) {
    const { code, message } = denied.error;
    return reply.code(CONFLICT).send({ error: code, message, by: 'platform' });
  }
  const { code, message } = denied;
  return reply.code(STATUS_OF_RULE[code] ?? CONFLICT).send({ error: code, message, by: 'table' });
}

/** Everything that was thrown. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof z.ZodError) {
    return reply.code(BAD_REQUEST).send({ error: 'INVALID_REQUEST', message: z.prettifyError(error) });
  }
  if (error instanceof TableUnknownError) {
    return reply.code(NOT_FOUND).send({ error: 'TABLE_UNKNOWN', message: error.message });
  }
  if (isOutage(error)) {
    request.log.warn({ reason: error.message }, 'platform_away');
    const message =
      'The cashier is closed for a moment: chips and money stay where they are, and what was begun will be ' +
      'finished or undone. Look at the table, or ask again.';
    return reply
      .code(UNAVAILABLE)
      .header('retry-after', '1')
      .send({ error: 'PLATFORM_UNAVAILABLE', message });
  }
  if (error instanceof SteelyardProtocolError) {
    request.log.error({ err: error }, 'platform_not_understood');
    return reply
      .code(BAD_GATEWAY)
      .send({ error: 'PLATFORM_ERROR', message: 'The platform answered something unexpected' });
  }
  return sendOther(error, request, reply);
}

/** Fastify's own errors carry their status, such as 413 for a body that is too large. */
function sendOther(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = z.object({ statusCode: z.int().min(BAD_REQUEST).max(499) }).safeParse(error);
  if (status.success && error instanceof Error) {
    return reply.code(status.data.statusCode).send({ error: 'INVALID_REQUEST', message: error.message });
  }
  request.log.error({ err: error }, 'request_failed');
  return reply.code(500).send({ error: 'INTERNAL', message: 'This is our fault; the log says more' });
}
