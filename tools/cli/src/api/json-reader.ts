import { parseAmount } from '@steelyard/domain/money';
import { isRefusal } from '@steelyard/domain/result';
import { CliError } from '../cli-error.js';

/** An object of a reply, before anything is known about its members. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself; a CliError when the reply holds something else. */
export function asObject(value: unknown, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw unexpected(what);
}

/** The objects of a list; a CliError when the reply holds something else. */
export function asObjects(value: unknown, what: string): readonly JsonObject[] {
  if (Array.isArray(value) && value.every(isJsonObject)) return value;
  throw unexpected(what);
}

/** A text member, or undefined when it is absent, null or of another type. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

/** An integer member, minor units or a count, or undefined when it is absent or of another type. Exact. */
export function integerOf(object: JsonObject, name: string): bigint | undefined {
  const amount = parseAmount(object[name], name);
  return isRefusal(amount) ? undefined : amount;
}

/** As {@link integerOf}; a CliError when the reply lacks it. */
export function requiredInteger(object: JsonObject, name: string): bigint {
  const amount = integerOf(object, name);
  if (amount === undefined) throw unexpected(name);
  return amount;
}

/** The reply is not one of this platform's version. */
export function unexpected(what: string): CliError {
  return new CliError(
    `the reply has no valid ${what}: do --url and this command belong to the same version?`,
  );
}
