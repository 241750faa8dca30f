import { isJsonObject, type JsonObject, type JsonValue } from '@steelyard/domain/ledger-chain';

/** A document with one thing changed. */
export interface Corruption {
  /** What was changed, for example `proof.inLog.hashes[2]: longer`. */
  readonly path: string;
  readonly document: JsonObject;
}

/** A wider period with the same entries may be just as true. */
const PERIOD = new Set(['from', 'to']);

/** The document with every single member changed in every way that makes another statement of it. */
export function corruptionsOf(document: JsonObject): Corruption[] {
  const replace = (path: readonly (string | number)[], value: JsonValue | undefined): JsonObject =>
    replaced(document, path, value) as JsonObject;
  const found: Corruption[] = [];
  const visit = (value: JsonValue, path: readonly (string | number)[]): void => {
    const name = String(path.at(-1) ?? '');
    // Without a proof nothing says in which currency it is.
    if (name === 'currency' && document['proof'] === null) return;
    // Without an entry nothing says whose the chain is.
    if (name === 'accountId' && isEmptyList(document['entries'])) return;
    const others = path.length === 1 && PERIOD.has(name) ? ['2026-11-21'] : otherValues(value);
    for (const other of others) {
      found.push({
        path: `${path.join('.')}: ${JSON.stringify(other).slice(0, 40)}`,
        document: replace(path, other),
      });
    }
    if (path.length > 0)
      found.push({ path: `${path.join('.')}: absent`, document: replace(path, undefined) });
    if (isInMetadata(path) || typeof value !== 'object' || value === null) return;
    if (isJsonObject(value))
      found.push({ path: `${path.join('.')}: more`, document: replace([...path, 'more'], 1) });
    for (const [member, inner] of Object.entries(value as object) as [string, JsonValue][]) {
      visit(inner, [...path, Array.isArray(value) ? Number(member) : member]);
    }
  };
  visit(document, []);
  return found;
}

function isEmptyList(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isInMetadata(path: readonly (string | number)[]): boolean {
  return path.includes('metadata');
}

/** Other values of the same type, near and far, and values of other types. */
function otherValues(value: JsonValue): JsonValue[] {
  if (typeof value === 'number') {
    // A half more is lost on the largest numbers.
    const near = [value + 1, value - 1, -value - 1, value + 0.5].filter((other) => other !== value);
    return [...near, String(value)];
  }
  if (typeof value === 'string') return otherTexts(value);
  if (value === null) return ['null', {}];
  if (Array.isArray(value)) {
    const list = value as readonly JsonValue[];
    return [{}, ...(list.length === 0 ? [['0'.repeat(64)]] : [[...list, list[0] ?? null], list.slice(1)])];
  }
  return [null, [], {}].filter((other) => JSON.stringify(other) !== JSON.stringify(value));
}

function otherTexts(value: string): JsonValue[] {
  const flipped = [0, Math.floor(value.length / 2), value.length - 1].map((at) => {
    const other = value.charAt(at) === '1' ? '2' : '1';
    return value.slice(0, at) + other + value.slice(at + 1);
  });
  const others = [
    ...flipped,
    `${value} `,
    ` ${value}`,
    value.slice(1),
    value.slice(0, -1),
    value.toUpperCase(),
    '',
    null,
  ];
  return others.filter((other) => other !== value);
}

function replaced(
  value: JsonValue,
  [step, ...rest]: readonly (string | number)[],
  by: JsonValue | undefined,
): JsonValue {
  if (step === undefined) return by ?? null;
  const inner = (old: JsonValue | undefined): JsonValue | undefined =>
    rest.length === 0 ? by : replaced(old ?? null, rest, by);
  if (Array.isArray(value)) {
    const list = value as readonly JsonValue[];
    return list
      .flatMap((item, i) => (i === step ? [inner(item)] : [item]))
      .filter((item) => item !== undefined);
  }
  const members = value as JsonObject;
  const other = { ...members, [step]: inner(members[step]) };
  return JSON.parse(JSON.stringify(other)) as JsonValue;
}
