import type { ChainedEntryFields, JsonObject, JsonValue } from '@steelyard/domain/ledger-chain';
import fc from 'fast-check';

/** A record before it is encoded; `metadataJson` of the fields is not used. */
export interface NastyRecord {
  readonly fields: ChainedEntryFields;
  readonly metadata: JsonObject;
}

const AMOUNT_MAX = 9_007_199_254_740_991n;
const fragments = fc.constantFrom(
  ...['"', '\\', '\\"', '","', '":"', '{', '}', '[', ']', ',', ':', '/', '\0', '\n', '\u2028', '\ufeff'],
  ...['é', 'e\u0301', 'Å', '\u212b', 'ﬁ', '１', '😀', '\ud83d', '\ude00', '\ud800', '\ufffd', '\\ud800'],
  ...['null', 'true', '1', '1.0', '-0', 'e', 'GENESIS', 'metadata', '__proto__', 'constructor', 'a', 'b'],
);

/** Text of separators, Unicode forms, lone surrogates and names that languages treat as special. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fragments, { maxLength: 4 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 0.1, 1e21, 1e-7, 5e-324, 1.7976931348623157e308, 2 ** 53, 2 ** 53 + 2),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
);

const values = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom(null, true, false, ''),
    numbers,
    nastyText,
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.array(fc.tuple(nastyText, tie('value')), { maxLength: 4 }).map(objectOf),
}));

/** JSON objects as JSON.parse makes them, `__proto__` an ordinary name. */
export const metadataObjects: fc.Arbitrary<JsonObject> = values.object;

const amounts = fc.bigInt({ min: -AMOUNT_MAX, max: AMOUNT_MAX }).filter((amount) => amount !== 0n);
const ids = fc.stringMatching(/^[A-Za-z0-9._:+-][A-Za-z0-9._:@+-]{0,12}$/);

/** The members outside of the metadata, within their own forms. */
export const recordFields: fc.Arbitrary<ChainedEntryFields> = fc.record({
  entryId: fc.uuid({ version: 7 }),
  transactionId: fc.uuid({ version: 7 }),
  accountId: ids,
  type: fc.constantFrom('DEPOSIT', 'WITHDRAW', 'BET', 'REVERSAL'),
  amount: amounts,
  balanceBefore: amounts,
  balanceAfter: amounts,
  metadataJson: fc.constant(''),
  timestamp: fc
    .date({ min: new Date(0), max: new Date(Date.UTC(2100, 0, 1)), noInvalidDate: true })
    .map((date) => date.toISOString()),
  previousChecksum: fc.oneof(fc.constant('GENESIS'), fc.stringMatching(/^[0-9a-f]{64}$/)),
});

/** Records that differ from this one in little or in nothing, built around a nasty text. */
export function nearMissesOf({ fields, metadata }: NastyRecord, text: string): NastyRecord[] {
  const names = Object.keys(metadata);
  const [first = text] = names;
  return [
    ...metadataMisses(metadata, first, text).map((other) => ({ fields, metadata: other })),
    { fields: { ...fields, amount: fields.amount + 1n }, metadata },
    { fields: { ...fields, amount: -fields.amount }, metadata },
    { fields: { ...fields, amount: fields.balanceBefore, balanceBefore: fields.amount }, metadata },
    { fields: { ...fields, entryId: fields.transactionId, transactionId: fields.entryId }, metadata },
    { fields: { ...fields, accountId: `${fields.accountId}.` }, metadata },
    { fields: { ...fields, previousChecksum: 'GENESIS' }, metadata },
  ];
}

function metadataMisses(metadata: JsonObject, name: string, text: string): JsonObject[] {
  const others = Object.entries(metadata).filter(([other]) => other !== name) as [string, JsonValue][];
  const value = Object.hasOwn(metadata, name) ? (metadata[name] ?? null) : null;
  const replaced = (other: JsonValue): JsonObject => objectOf([...others, [name, other]]);
  return [
    objectOf(others),
    replaced(null),
    replaced(text),
    replaced([value]),
    replaced(objectOf([[name, value]])),
    replaced(JSON.stringify(value)),
    objectOf([...others, [name.normalize('NFC'), value]]),
    objectOf([...others, [name.normalize('NFD'), value]]),
    objectOf([...others, [`${name}${text}`, value]]),
    objectOf([...Object.entries(metadata).reverse()] as [string, JsonValue][]),
    objectOf([...others, [name, value], [text, null]]),
  ];
}

/** True when the two records say the same, whatever their members' order. Numbers: 0 and -0 are one value. */
export function sameRecord(left: NastyRecord, right: NastyRecord): boolean {
  const others: Readonly<Record<string, unknown>> = { ...right.fields };
  const isSame = Object.entries(left.fields).every(([name, value]) => others[name] === value);
  return isSame && sameJson(left.metadata, right.metadata);
}

function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left === right;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right;
  }
  if (isList(left) || isList(right)) {
    return (
      isList(left) &&
      isList(right) &&
      left.length === right.length &&
      left.every((v, i) => sameJson(v, right[i]))
    );
  }
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && sameJson(left[name], right[name]));
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** As JSON.parse does it: a later member of the same name wins, and `__proto__` is an ordinary name. */
function objectOf(members: readonly (readonly [string, JsonValue])[]): JsonObject {
  return Object.fromEntries(members);
}
