import { ERROR_TABLE } from '@steelyard/contracts/errors';
import type { ProblemError } from './problem-error.js';

/** RFC 9457, with the platform's own members from `error` on. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly error: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly field?: string;
  readonly correlationId: string;
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json';

/** The body that answers a request with an error. `path` is without the query, which may hold what is secret. */
export function problemFor(
  { code, detail, details }: ProblemError,
  path: string,
  correlationId: string,
): Problem {
  const { httpStatus, retryable, title } = ERROR_TABLE[code];
  return {
    type: `urn:steelyard:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status: httpStatus,
    detail,
    instance: path,
    error: code,
    message: detail,
    retryable,
    ...(details.field === undefined ? {} : { field: details.field }),
    correlationId,
  };
}
