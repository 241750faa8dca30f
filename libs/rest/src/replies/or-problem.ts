import { isRefusal, type Refusal } from '@steelyard/domain/result';
import { ProblemError } from '@steelyard/platform/http';
import { isRefused, type Refused } from '../refusals/refused.js';

/** The success of a result; a refusal is thrown as the problem that answers the request. */
export function orProblem<Result>(result: Result | Refused | Refusal): Result {
  if (isObject(result) && (isRefused(result) || isRefusal(result))) throw problemOf(result);
  return result;
}

/** What was too much for a moment is not any more. */
const RETRY_AFTER_SECONDS = 1;

/** The problem that a refusal is answered with. */
export function problemOf({ code, message, field }: Refused | Refusal): ProblemError {
  if (code === 'RATE_LIMITED')
    return new ProblemError(code, message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  return new ProblemError(code, message, field === undefined ? {} : { field });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
