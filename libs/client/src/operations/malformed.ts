import { refused, type Refused } from '../answers/index.js';

const AMOUNT_MAX = 2n ** 53n - 1n;
const INT32_MAX = 2 ** 31 - 1;
/** What no address and no wire format could carry. */
const UNADDRESSABLE = new Set(['', '.', '..']);
/** Nothing, the wire's way to say that it is absent. */
const POSITIVE_MEMBERS = new Set(['timeoutSeconds', 'limit', 'rank']);
/** Of which one wire has room for one. */
const EXCLUSIVE_MEMBERS = [
  ['tableId', 'to'],
  ['winners', 'showdown'],
] as const;
const ID_MEMBERS = new Set([
  'accountId',
  'tableId',
  'handId',
  'reservationId',
  'transactionId',
  'from',
  'to',
]);

/**
 * Refuses what one of the transports could not carry unchanged, in the words of the service, so that both answer
 * alike: amounts beyond ±(2^53 - 1), numbers that are no 32-bit integers, empty ids. All other rules are the
 * service's.
 */
export function refuseUncarriable(input: object): Refused | undefined {
  return exclusionIn(input) ?? faultIn(input, '');
}

function exclusionIn(input: object): Refused | undefined {
  const given = new Map(Object.entries<unknown>({ ...input }).filter(([, member]) => member !== undefined));
  for (const [one, other] of EXCLUSIVE_MEMBERS) {
    if (!given.has(one) || !given.has(other)) continue;
    return refused('INVALID_REQUEST', `${one} and ${other} exclude each other`, one);
  }
  return undefined;
}

function faultIn(value: object, path: string): Refused | undefined {
  for (const [name, member] of Object.entries<unknown>({ ...value })) {
    // Metadata is the caller's own.
    if (name === 'metadata') continue;
    const fault = faultOf(name, member, path + name);
    if (fault) return fault;
  }
  return undefined;
}

function faultOf(name: string, member: unknown, field: string): Refused | undefined {
  switch (typeof member) {
    case 'bigint':
      if (member <= AMOUNT_MAX && member >= -AMOUNT_MAX) return undefined;
      return refused('AMOUNT_OUT_OF_RANGE', `${field} must lie within ±(2^53 - 1)`, field);
    case 'number':
      return faultOfInteger(member, field, POSITIVE_MEMBERS.has(name) ? 1 : 0);
    case 'string':
      if (!ID_MEMBERS.has(name) || !UNADDRESSABLE.has(member)) return undefined;
      return refused(codeOfId(name), `${field} must be 1-128 letters, digits or ._:@+-`, field);
    case 'object':
      if (member === null) return undefined;
      if (member instanceof Date) return Number.isNaN(member.getTime()) ? invalidDate(field) : undefined;
      return faultIn(member, `${field}.`);
    default:
      return undefined;
  }
}

function faultOfInteger(value: number, field: string, min: number): Refused | undefined {
  if (Number.isInteger(value) && value >= min && value <= INT32_MAX) return undefined;
  return refused('INVALID_REQUEST', `${field} must be an integer from ${min} to 2^31 - 1`, field);
}

function codeOfId(name: string): string {
  return name === 'accountId' || name === 'from' || name === 'to' ? 'INVALID_ACCOUNT_ID' : 'INVALID_REQUEST';
}

function invalidDate(field: string): Refused {
  return refused('INVALID_REQUEST', `${field} must be a valid date`, field);
}
