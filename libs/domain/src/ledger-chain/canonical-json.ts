import { invariant } from '../result/index.js';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/**
 * The one text of a JSON value (RFC 8785): no white space, members sorted by their UTF-16 code units at every
 * depth, numbers and strings as ECMAScript writes them. Undefined members are left out. Numbers must be finite
 * (JSON.parse makes Infinity of 1e400: whoever parses must refuse it), else two values would share a text.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'number') invariant(Number.isFinite(value), `${value} has no canonical text`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** True for a JSON object; `value` must have come out of a JSON parser. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
