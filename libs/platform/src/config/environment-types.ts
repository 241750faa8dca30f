import { CURRENCY_CODE_PATTERN, SCALE_MAX, type Currency } from '@steelyard/domain/money';
import { z } from 'zod';

// The `error` texts complete the sentence "NAME is X, expected …".

const PORT_MAX = 65_535;
/** A host name has at most 253 characters (RFC 1035); an address has fewer. */
const HOST_PATTERN = /^[A-Za-z0-9_.:-]{1,253}$/;
const INTEGER_PATTERN = /^\d{1,15}$/;
/** A deployment with more currencies of its own than this has pasted something else into CURRENCIES. */
const CURRENCIES_MAX = 1_000;

const TRUE_WORDS = ['true', '1', 'yes', 'on'];
const FALSE_WORDS = ['false', '0', 'no', 'off'];

/** A TCP port to listen on, 1 to 65535. */
export function port(defaultPort: number) {
  return integer(1, PORT_MAX, 'a port').default(defaultPort);
}

/** A host name or address to listen on or to connect to. */
export function host(defaultHost = '127.0.0.1') {
  const error = 'a host name or an IP address';
  return z.string({ error }).regex(HOST_PATTERN, { error }).default(defaultHost);
}

/** A URL with one of the protocols (without colon), for example `url(['redis', 'rediss'])`. Required unless made optional. */
export function url(protocols: readonly [string, ...string[]]) {
  const error = `a URL that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`;
  return z.string({ error }).refine((value) => hasProtocol(value, protocols), { error });
}

/** A whole number from 1 to `max`. */
export function positiveInt(defaultValue: number, max: number) {
  return integer(1, max, 'a whole number').default(defaultValue);
}

/** A whole number from 0 to `max`. */
export function wholeNumber(defaultValue: number, max: number) {
  return integer(0, max, 'a whole number').default(defaultValue);
}

/** A duration in whole milliseconds from 1 to `max`. */
export function milliseconds(defaultMs: number, maxMs: number) {
  return integer(1, maxMs, 'milliseconds').default(defaultMs);
}

/** true/false, 1/0, yes/no or on/off, in any case. */
export function booleanFlag(defaultValue: boolean) {
  const error = 'true or false';
  return z
    .string({ error })
    .transform((value) => value.toLowerCase())
    .refine((value) => TRUE_WORDS.includes(value) || FALSE_WORDS.includes(value), { error })
    .transform((value) => TRUE_WORDS.includes(value))
    .default(defaultValue);
}

/** A secret of at least `lengthMin` characters. Name the variable so that it contains SECRET, PASSWORD, TOKEN or KEY: that keeps it out of messages. */
export function secret(lengthMin: number) {
  const error = `a secret of at least ${lengthMin} characters`;
  return z.string({ error }).min(lengthMin, { error });
}

/** `CURRENCIES="GOLD:0,BTC:8"`: the deployment's own currencies with their scales; unset means none. */
export const currencies = z
  .string()
  .transform((value, context): readonly Currency[] => {
    const parsed = parseCurrencies(value);
    if (parsed) return parsed;
    context.addIssue({
      code: 'custom',
      message: `CODE:SCALE pairs separated by commas, such as GOLD:0,BTC:8, each code once, scales 0 to ${SCALE_MAX}`,
    });
    return z.NEVER;
  })
  .default([]);

function integer(min: number, max: number, what: string) {
  const error = `${what} from ${min} to ${max}`;
  return z
    .string({ error })
    .regex(INTEGER_PATTERN, { error })
    .transform((digits) => Number.parseInt(digits, 10))
    .refine((value) => value >= min && value <= max, { error });
}

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  return URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1));
}

function parseCurrencies(value: string): readonly Currency[] | undefined {
  const pairs = value.split(',').map((pair) => pair.trim().split(':'));
  if (pairs.length > CURRENCIES_MAX) return undefined;
  const parsed: Currency[] = [];
  for (const [code, scaleDigits, ...rest] of pairs) {
    if (code === undefined || scaleDigits === undefined || rest.length > 0) return undefined;
    if (!CURRENCY_CODE_PATTERN.test(code) || !/^\d{1,2}$/.test(scaleDigits)) return undefined;
    const scale = Number.parseInt(scaleDigits, 10);
    if (scale > SCALE_MAX || parsed.some((earlier) => earlier.code === code)) return undefined;
    parsed.push(Object.freeze({ code, scale }));
  }
  return Object.freeze(parsed);
}
