import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { parseAccountId, parseName } from '@steelyard/domain/accounts';
import { invariant } from '@steelyard/domain/result';
import { ProblemError } from '@steelyard/platform/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { orProblem } from '../replies/or-problem.js';
import { isIdempotencyKey, parseReadableAccountId } from './fields.js';
import { parseAs } from './parse.js';

// Nest takes an argument with a `transform` method for a pipe, and schemas have one; one with a `schema` it takes
// for options of its own. So a schema comes wrapped under another name.
interface BySchema {
  readonly readBy: z.ZodType;
}

const BodyBySchema = createParamDecorator(({ readBy }: BySchema, context: ExecutionContext): unknown => {
  const { body = {} } = requestOf(context);
  return orProblem(parseAs(readBy, body));
});

const QueryBySchema = createParamDecorator(({ readBy }: BySchema, context: ExecutionContext): unknown =>
  orProblem(parseAs(readBy, requestOf(context).query)),
);

/** The body, read by a schema; an absent one is an empty object. */
export function ParsedBody(schema: z.ZodType): ParameterDecorator {
  return BodyBySchema({ readBy: schema });
}

/** The query, read by a schema. */
export function ParsedQuery(schema: z.ZodType): ParameterDecorator {
  return QueryBySchema({ readBy: schema });
}

/** The account of the path that is to be changed: one of a client. */
export const AccountId = createParamDecorator((_data: unknown, context: ExecutionContext): string =>
  orProblem(parseAccountId(idParam(context), 'id')),
);

/** The account of the path that is to be looked at: one of a client or of the platform. */
export const ReadableAccountId = createParamDecorator((_data: unknown, context: ExecutionContext): string =>
  orProblem(parseReadableAccountId(idParam(context))),
);

/** A name in the path that the caller chose: of a table or of a hand. */
export const PathName = createParamDecorator((member: string, context: ExecutionContext): string =>
  orProblem(parseName(pathParam(context, member), member)),
);

/** The Idempotency-Key header. */
export const IdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const key = idempotencyKeyOf(requestOf(context));
  if (key !== undefined) return key;
  throw new ProblemError(
    'MISSING_IDEMPOTENCY_KEY',
    'Send an Idempotency-Key header of 1-255 printable ASCII characters',
  );
});

/** The Idempotency-Key header, or undefined when there is none. */
export const OptionalIdempotencyKey = createParamDecorator(
  (_data: unknown, context: ExecutionContext): string | undefined => idempotencyKeyOf(requestOf(context)),
);

/** A signal that is aborted, with the problem to end with, as soon as nobody waits for the reply any more. */
export const WhileWaiting = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const { raw } = context.switchToHttp().getResponse<FastifyReply>();
  const controller = new AbortController();
  const abort = (): void =>
    controller.abort(new ProblemError('UNAVAILABLE', 'Nobody waits for the reply any more'));
  if (raw.destroyed) abort();
  else raw.once('close', abort);
  return controller.signal;
});

function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') return undefined;
  if (isIdempotencyKey(key)) return key;
  throw new ProblemError(
    'INVALID_IDEMPOTENCY_KEY',
    'Idempotency-Key must be 1-255 printable ASCII characters',
  );
}

function idParam(context: ExecutionContext): string {
  return pathParam(context, 'id');
}

function pathParam(context: ExecutionContext, member: string): string {
  const { params } = requestOf(context);
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, member) : undefined;
  invariant(typeof value === 'string', 'the route has the parameter in its path');
  return value;
}

function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}
