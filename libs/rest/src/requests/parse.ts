import { isErrorCode, type ErrorCode } from '@steelyard/contracts/errors';
import type { z } from 'zod';
import { refused, type Refused } from '../refusals/refused.js';
import { CODE_PARAM } from './refine.js';

type Issue = z.core.$ZodIssue;

/** What a request is read as; the first fault of a malformed one, with the member at fault. */
export function parseAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.output<Schema> | Refused {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return issue ? refusalOf(issue) : refused('INVALID_REQUEST', 'The request is malformed');
}

/** The refusal that an issue stands for. */
export function refusalOf(issue: Issue): Refused {
  const field = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const unknown = [field, issue.keys[0] ?? ''].filter((part) => part !== '').join('.');
    return refused('INVALID_REQUEST', `${unknown} is not a member of this request`, unknown);
  }
  if (issue.code === 'custom') {
    const code = codeOf(issue);
    return refused(code, code === 'INVALID_REQUEST' ? named(field, issue.message) : issue.message, field);
  }
  return refused('INVALID_REQUEST', named(field, issue.message), field);
}

function codeOf(issue: Issue & { code: 'custom' }): ErrorCode {
  const code: unknown = issue.params?.[CODE_PARAM];
  return typeof code === 'string' && isErrorCode(code) ? code : 'INVALID_REQUEST';
}

function named(field: string, message: string): string {
  if (field === '' || message.startsWith(field)) return message;
  return `${field}: ${message}`;
}
