import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ERROR_TABLE, type ErrorCode } from '@steelyard/contracts/errors';
import type { z } from 'zod';
import { inlineSchema, schemaRef } from './named.js';
import { problemReply } from './problem.dto.js';

/** What the OpenAPI document says of a route. */
export interface OperationDoc {
  /** Absent: made of the controller's name and the method's. A promise to clients: name it when they change. */
  readonly id?: string;
  readonly summary: string;
  readonly description?: string;
  /** Names of path parameters with an example. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Absent: the reply has no body. */
  readonly reply?: z.ZodType;
  /** Statuses of success, the usual one first; 200 when absent. */
  readonly statuses?: readonly number[];
  /** conditional: needed when money moves. optional: doing it twice is doing it once anyway. */
  readonly idempotencyKey?: 'required' | 'conditional' | 'optional';
  /** Codes beside those that every route has. */
  readonly errors?: readonly ErrorCode[];
}

const EVERY_ROUTE: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'INVALID_TOKEN',
  'FORBIDDEN',
  'RATE_LIMITED',
  'UNAVAILABLE',
];
const EVERY_BODY: readonly ErrorCode[] = ['INVALID_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
const KEYED: readonly ErrorCode[] = ['INVALID_IDEMPOTENCY_KEY', 'IDEMPOTENCY_CONFLICT'];
const KEY_NOTES = {
  required: '',
  conditional: '; needed when money moves',
  optional: '; may be left out, because doing it twice is doing it once',
} as const;

/** Documents a route and sets its status. */
export function Operation(doc: OperationDoc): MethodDecorator {
  const [status = 200] = doc.statuses ?? [];
  return applyDecorators(
    HttpCode(status),
    ApiOperation({
      summary: doc.summary,
      ...(doc.id === undefined ? {} : { operationId: doc.id }),
      ...(doc.description === undefined ? {} : { description: doc.description }),
    }),
    ...parameters(doc),
    ...(doc.body
      ? [ApiBody({ schema: schemaRef(doc.body), required: !doc.body.safeParse({}).success })]
      : []),
    ...successes(doc),
    ...failures(doc),
  );
}

function parameters({ params = {}, query, idempotencyKey }: OperationDoc): MethodDecorator[] {
  const inPath = Object.entries(params).map(([name, example]) =>
    ApiParam({ name, schema: { type: 'string', example } }),
  );
  const inQuery = Object.entries<z.ZodType>(query?.shape ?? {}).map(([name, field]) => {
    const { description, ...schema } = inlineSchema(field);
    const text = typeof description === 'string' ? { description } : {};
    return ApiQuery({ name, required: false, schema, ...text });
  });
  if (idempotencyKey === undefined) return [...inPath, ...inQuery];
  const header = ApiHeader({
    name: 'Idempotency-Key',
    required: idempotencyKey === 'required',
    description: 'The same key and body give the same answer again, for 24 hours' + KEY_NOTES[idempotencyKey],
    schema: { type: 'string', minLength: 1, maxLength: 255, example: 'order-4711' },
  });
  return [...inPath, ...inQuery, header];
}

function successes({ statuses = [200], reply, idempotencyKey }: OperationDoc): MethodDecorator[] {
  const replayed = {
    'Idempotency-Replayed': {
      description: 'true: the first answer again',
      schema: { type: 'string' as const },
    },
  };
  return statuses.map((status) =>
    ApiResponse({
      status,
      description: 'Success',
      ...(reply ? { content: { 'application/json': { schema: schemaRef(reply) } } } : {}),
      ...(idempotencyKey === undefined ? {} : { headers: replayed }),
    }),
  );
}

function failures(doc: OperationDoc): MethodDecorator[] {
  const codes = new Set([
    ...EVERY_ROUTE,
    ...(doc.body ? EVERY_BODY : []),
    ...keyErrors(doc),
    ...(doc.errors ?? []),
  ]);
  const byStatus = Map.groupBy(codes, (code) => ERROR_TABLE[code].httpStatus);
  return [...byStatus].map(([status, ofStatus]) =>
    ApiResponse({
      status,
      description: ofStatus.join(', '),
      content: {
        'application/problem+json': {
          schema: schemaRef(problemReply),
          examples: Object.fromEntries(
            ofStatus.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
          ),
        },
      },
    }),
  );
}

function keyErrors({ idempotencyKey }: OperationDoc): readonly ErrorCode[] {
  if (idempotencyKey === undefined) return [];
  return idempotencyKey === 'optional' ? KEYED : ['MISSING_IDEMPOTENCY_KEY', ...KEYED];
}
