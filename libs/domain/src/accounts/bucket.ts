import { tableIdOf } from './account-id.js';

/** A bucket number must fit the 12 bits that transaction ids keep for it. */
export const BUCKETS_MAX = 4096;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The bucket of an account: FNV-1a (32 bit) over the UTF-16 code units of its id, folded to `buckets`. It
 * decides where rows live, so neither the hash nor the number of buckets may change in the life of a
 * deployment. Ids are ASCII by rule, so that code units are bytes. The accounts of a table and of its pots are all in
 * the bucket of the table's id: what happens during a hand stays inside one bucket.
 */
export function bucketOf(accountId: string, buckets: number): number {
  const hashed = tableIdOf(accountId) ?? accountId;
  let hash = FNV_OFFSET;
  for (let i = 0; i < hashed.length; i++) {
    hash = Math.imul(hash ^ hashed.charCodeAt(i), FNV_PRIME);
  }
  // The low bits of FNV-1a are its weakest; fold the high half in.
  return ((hash ^ (hash >>> 16)) >>> 0) % buckets;
}
