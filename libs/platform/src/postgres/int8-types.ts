import pg from 'pg';

// Object ids of the types in pg_type, fixed for all time.
const INT8 = 20;
const INT8_ARRAY = 1016;

type NestedDigits = string | null | readonly NestedDigits[];
type NestedBigints = bigint | null | readonly NestedBigints[];
type TextParser<Value> = (text: string) => Value;

// Its declaration knows the built-in types only and says `any` of what they give.
const standardParser = pg.types.getTypeParser as (oid: number, format?: 'text') => TextParser<unknown>;
const parseInt8Array = standardParser(INT8_ARRAY) as TextParser<NestedDigits>;

/**
 * Reads int8 and int8[] as bigint. Given to each client as its `types`: the parsers of the pg module itself are
 * one set for the whole process, and other users of it may rely on them. `numeric`, which is also what
 * sum(int8) gives, stays a string: cast it in SQL.
 */
export const BIGINT_TYPES = {
  // pg's overloads for the binary format, which we never ask for, cannot be met by one function.
  getTypeParser: textParserOf as typeof pg.types.getTypeParser,
};

function textParserOf(oid: number, format?: 'text'): TextParser<unknown> {
  if (oid === INT8) return (digits) => BigInt(digits);
  if (oid === INT8_ARRAY) return (text) => toBigints(parseInt8Array(text));
  return standardParser(oid, format);
}

function toBigints(digits: NestedDigits): NestedBigints {
  if (digits === null) return null;
  return typeof digits === 'string' ? BigInt(digits) : digits.map(toBigints);
}
