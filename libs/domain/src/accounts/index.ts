export { bucketOf, BUCKETS_MAX } from './bucket.js';
export {
  ACCOUNT_ID_PATTERN,
  fxAccountId,
  houseAccountId,
  isSystemAccountId,
  parseAccountId,
  worldAccountId,
} from './account-id.js';
