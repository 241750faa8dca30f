import { HttpException } from '@nestjs/common';
import type { EdgeCode, ErrorCode } from '@steelyard/contracts/errors';
import { OutageError } from '../outage/index.js';
import { ProblemError } from './problem-error.js';

/** Long enough for a restart to get under way, short enough not to be missed. */
const RETRY_AFTER_SECONDS = 1;

const CODE_BY_FASTIFY_CODE: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
};

const CODE_BY_STATUS: Readonly<Record<number, EdgeCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  503: 'UNAVAILABLE',
};

/**
 * What a caller is told about whatever was thrown while its request was handled. Errors of Nest and Fastify that
 * blame the request keep their text, which names no inner workings; anything unknown says nothing.
 */
export function problemOfFailure(failure: unknown): ProblemError {
  if (failure instanceof ProblemError) return failure;
  if (failure instanceof OutageError) return unavailable();
  if (!(failure instanceof Error)) return new ProblemError('INTERNAL');
  const status = statusOf(failure);
  if (status === 503) return unavailable();
  if (status === undefined || status >= 500) return new ProblemError('INTERNAL');
  if (status === 404) return new ProblemError('NOT_FOUND');
  return new ProblemError(codeOf(failure, status), failure.message);
}

function unavailable(): ProblemError {
  return new ProblemError('UNAVAILABLE', undefined, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function codeOf(failure: Error, status: number): ErrorCode {
  // Nest wraps Fastify's errors; the parser's own refusal of a body that sets __proto__ is a plain SyntaxError.
  const origin = failure.cause instanceof Error ? failure.cause : failure;
  if (origin.name === 'SyntaxError') return 'INVALID_JSON';
  const fastifyCode = 'code' in origin ? CODE_BY_FASTIFY_CODE[String(origin.code)] : undefined;
  return fastifyCode ?? CODE_BY_STATUS[status] ?? 'INVALID_REQUEST';
}

function statusOf(failure: Error): number | undefined {
  if (failure instanceof HttpException) return failure.getStatus();
  return 'statusCode' in failure && typeof failure.statusCode === 'number' ? failure.statusCode : undefined;
}
