import { ACCOUNT_ID_PATTERN, isSystemAccountId, parseAccountId, parseName } from '@steelyard/domain/accounts';
import { CURRENCY_CODE_PATTERN, parseAmount, parsePositiveAmount } from '@steelyard/domain/money';
import { refuse, type Refusal } from '@steelyard/domain/result';
import { z } from 'zod';
import { parseInstant } from './instant.js';
import { METADATA_DEPTH_MAX, METADATA_LENGTH_MAX, parseMetadata } from './metadata.js';
import { parsedBy, refuseIn } from './refine.js';

const REASON_LENGTH_MAX = 500;
const NAME_LENGTH_MAX = 128;
const SYSTEM_ACCOUNT_ID_PATTERN = /^@[A-Za-z0-9._:@+/-]{1,255}$/;
const IDEMPOTENCY_KEY_PATTERN = /^[\x20-\x7e]{1,255}$/;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;
const INTEGER_TEXT = '^-?[0-9]+$';

/** A signed amount of minor units. */
export const amount = (name: string) =>
  parsedBy((value) => parseAmount(value, name), {
    description: 'Integer minor units within ±(2^53 - 1), as a JSON integer or a string of digits',
    anyOf: [
      { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: INTEGER_TEXT },
    ],
  });

/** An amount of minor units greater than zero. */
export const positiveAmount = (name: string) =>
  parsedBy((value) => parsePositiveAmount(value, name), {
    description: 'Integer minor units from 1 to 2^53 - 1, as a JSON integer or a string of digits',
    anyOf: [
      { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: '^[1-9][0-9]*$' },
    ],
  });

/** An amount of minor units, zero allowed. */
export const amountFromZero = (name: string) =>
  parsedBy(
    (value) => {
      const parsed = parseAmount(value, name);
      return typeof parsed === 'bigint' && parsed < 0n
        ? refuse('INVALID_AMOUNT', `${name} must not be negative`, name)
        : parsed;
    },
    {
      description: 'Integer minor units from 0 to 2^53 - 1, as a JSON integer or a string of digits',
      anyOf: [
        { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        { type: 'string', pattern: '^[0-9]+$' },
      ],
    },
  );

/** An account of a client. */
export const accountId = (name: string) =>
  parsedBy((value) => parseAccountId(value, name), {
    description: '1-128 letters, digits or ._:@+- with no leading @',
    type: 'string',
    pattern: ACCOUNT_ID_PATTERN.source,
  });

/** The name of a table or a hand, which the caller chose. */
export const chosenName = (name: string) =>
  parsedBy((value) => parseName(value, name), {
    description: '1-128 letters, digits or ._:@+- with no leading @',
    type: 'string',
    pattern: ACCOUNT_ID_PATTERN.source,
  });

/** Reads an account id of a path, system accounts such as @world/CZK included: they can be looked at. */
export function parseReadableAccountId(value: string): string | Refusal {
  if (!isSystemAccountId(value)) return parseAccountId(value, 'id');
  return SYSTEM_ACCOUNT_ID_PATTERN.test(value)
    ? value
    : refuse('INVALID_ACCOUNT_ID', 'id is not the id of a system account', 'id');
}

/** The key of one movement, as a header or in a batch item. */
export const idempotencyKey = z
  .unknown()
  .transform((value, context): string => {
    if (value === undefined)
      return refuseIn(context, 'MISSING_IDEMPOTENCY_KEY', 'Every item needs an idempotencyKey');
    if (isIdempotencyKey(value)) return value;
    return refuseIn(
      context,
      'INVALID_IDEMPOTENCY_KEY',
      'idempotencyKey must be 1-255 printable ASCII characters',
    );
  })
  .meta({ type: 'string', minLength: 1, maxLength: 255, pattern: IDEMPOTENCY_KEY_PATTERN.source });

/** True for what can be an idempotency key. */
export function isIdempotencyKey(value: unknown): value is string {
  return typeof value === 'string' && IDEMPOTENCY_KEY_PATTERN.test(value);
}

/** A currency's form; whether the deployment has it is decided by the core. */
export const currency = parsedBy(
  (value) =>
    typeof value === 'string' && CURRENCY_CODE_PATTERN.test(value)
      ? value
      : refuse('INVALID_CURRENCY', 'currency must be a code such as CZK or CHIPS', 'currency'),
  { description: 'A currency of the deployment', type: 'string', pattern: CURRENCY_CODE_PATTERN.source },
);

/** JSON of the caller's own; it comes out as JSON text. */
export const metadata = parsedBy(parseMetadata, {
  description: `An object of your own, at most ${METADATA_LENGTH_MAX} bytes of JSON and ${METADATA_DEPTH_MAX} levels deep`,
  type: 'object',
  additionalProperties: true,
});

/** An instant; it comes out as milliseconds since 1970-01-01 UTC. */
export const instant = (name: string) =>
  parsedBy(
    (value) =>
      (typeof value === 'string' ? parseInstant(value) : undefined) ??
      refuse('INVALID_REQUEST', `${name} must be ISO 8601, such as 2026-01-31T12:00:00Z`, name),
    {
      description: 'ISO 8601 with a zone, or a date',
      type: 'string',
      examples: ['2026-01-31T12:00:00.000Z'],
    },
  );

/** Free text of one line or several, kept as it is. */
export const reason = z
  .string()
  .min(1)
  .max(REASON_LENGTH_MAX)
  .refine(isStorable, 'must be text without broken characters');

/** A name or id of somebody or something: one line. */
export const name = z
  .string()
  .min(1)
  .max(NAME_LENGTH_MAX)
  .refine((text) => isStorable(text) && !CONTROL_CHARACTER.test(text), 'must be one line of text');

/** Half a surrogate pair would be changed on its way, and NUL cannot be stored. */
function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\u0000');
}

/** Digits of a query parameter, from `min` to `max`. */
export const digits = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform((text, context): number => {
      const number = Number.parseInt(text, 10);
      if (number >= minimum && number <= maximum) return number;
      return refuseIn(context, 'INVALID_REQUEST', `must be a whole number from ${minimum} to ${maximum}`);
    })
    .meta({ type: 'integer', minimum, maximum });
