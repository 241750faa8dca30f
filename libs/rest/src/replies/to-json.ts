import { AMOUNT_MAX } from '@steelyard/domain/money';

/** JSON text that goes out as it is, because clients compute checksums over exactly these characters. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** What {@link toJson} writes. Undefined members are left out. */
export type Reply =
  | null
  | string
  | number
  | boolean
  | bigint
  | RawJson
  | readonly Reply[]
  | { readonly [name: string]: Reply | undefined };

/**
 * Writes a reply as compact JSON, members in the order in which the object has them. A bigint becomes an integer
 * while every client can read it exactly, beyond that (sums over system accounts) a string of digits.
 */
export function toJson(value: Reply): string {
  if (typeof value === 'bigint') return bigintToJson(value);
  return typeof value === 'object' ? objectToJson(value) : JSON.stringify(value);
}

function bigintToJson(value: bigint): string {
  return value > AMOUNT_MAX || value < -AMOUNT_MAX ? `"${value}"` : value.toString();
}

function objectToJson(value: Exclude<Reply, string | number | boolean | bigint>): string {
  if (value === null) return 'null';
  if (value instanceof RawJson) return value.text;
  if (isList(value)) return `[${value.map(toJson).join(',')}]`;
  let text = '';
  for (const name in value) {
    const member = value[name];
    if (member === undefined) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${toJson(member)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function isList(
  value: readonly Reply[] | { readonly [name: string]: Reply | undefined },
): value is readonly Reply[] {
  return Array.isArray(value);
}
