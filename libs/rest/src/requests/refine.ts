import { isRefusal, type Refusal } from '@steelyard/domain/result';
import type { ErrorCode } from '@steelyard/contracts/errors';
import { z } from 'zod';

/** Under this name an issue carries the code of the error table that it stands for. */
export const CODE_PARAM = 'errorCode';

/** What the JSON schema of a field says, because a parsing function cannot say it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema whose values are read by a function that may refuse them. */
export function parsedBy<Value>(parse: (value: unknown) => Value | Refusal, schema: JsonSchema) {
  return z
    .unknown()
    .transform((value, context): Value => {
      const parsed = parse(value);
      if (!isRefusal(parsed)) return parsed;
      return refuseIn(context, parsed.code, parsed.message);
    })
    .meta(schema);
}

/** Adds an issue with a code of the error table. */
export function refuseIn(context: z.core.$RefinementCtx, code: ErrorCode, message: string): never {
  context.addIssue({ code: 'custom', message, params: { [CODE_PARAM]: code } });
  return z.NEVER;
}
