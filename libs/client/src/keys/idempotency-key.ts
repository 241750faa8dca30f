import { randomUUID } from 'node:crypto';

const LENGTH_MAX = 255;
// What the service takes: printable ASCII, no space at either end.
const PATTERN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** The four parts of a key, in their order. */
export type KeyParts = readonly [
  operation: string,
  tableId: string,
  userId: string,
  timestamp: Date | number | string,
];

/** Keys under which an operation takes effect once, however often it is sent. */
export const idempotencyKey = {
  /**
   * `{operation}:{tableId}:{userId}:{timestamp}`: the same four always give the same key, so that a game server
   * that was restarted sends the same operation under the same key. A timestamp is milliseconds since 1970, or
   * whatever else tells two like operations of a user apart. Colons in the first three are escaped: two different
   * operations never share a key.
   *
   * @throws RangeError when a part is empty, or the key has more than 255 characters or others than printable ASCII
   */
  of(...[operation, tableId, userId, timestamp]: KeyParts): string {
    const moment = String(timestamp instanceof Date ? timestamp.getTime() : timestamp);
    if ([operation, tableId, userId, moment].some((part) => part === '' || part === 'NaN')) {
      throw new RangeError('an idempotency key needs an operation, a table, a user and a timestamp');
    }
    return checked([...[operation, tableId, userId].map(escapeColons), moment].join(':'));
  },

  /** A key that nobody has used. Keep it for as long as the operation may have to be sent again. */
  random(): string {
    return `sdk-${randomUUID()}`;
  },
} as const;

function escapeColons(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A');
}

function checked(key: string): string {
  if (key.length <= LENGTH_MAX && PATTERN.test(key)) return key;
  throw new RangeError(`an idempotency key has 1-${LENGTH_MAX} printable ASCII characters: ${key}`);
}
