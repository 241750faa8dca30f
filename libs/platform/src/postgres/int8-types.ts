import pg from 'pg';

// Object ids of the types in pg_type, fixed for all time.
const INT8 = 20;
const INT8_ARRAY = 1016;

type NestedDigits = string | null | readonly NestedDigits[];
type NestedBigints = bigint | null | readonly NestedBigints[];

/**
 * Reads int8 and int8[] as bigint. Given to each client as its `types`: the parsers of the pg module itself are
 * one set for the whole process, and other users of it may rely on them. `numeric`, which is also what
 * sum(int8) gives, stays a string: cast it in SQL.
 */
export const BIGINT_TYPES = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === INT8) return (digits: string) => BigInt(digits);
    const parse = pg.types.getTypeParser(oid, format);
    return oid === INT8_ARRAY ? (text: string) => toBigints(parse(text)) : parse;
    // pg's overloads for the binary format, which we never ask for, cannot be met by one function.
  }) as typeof pg.types.getTypeParser,
};

function toBigints(digits: NestedDigits): NestedBigints {
  if (digits === null) return null;
  return typeof digits === 'string' ? BigInt(digits) : digits.map(toBigints);
}
