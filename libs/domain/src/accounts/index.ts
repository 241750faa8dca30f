export { ACCOUNT_STATUSES, availableBalance, type Account, type AccountStatus } from './account.js';
export { refuseOutOfBounds, refuseUnlessActive } from './account-rules.js';
export { bucketOf, BUCKETS_MAX } from './bucket.js';
export {
  ACCOUNT_ID_PATTERN,
  fxAccountId,
  houseAccountId,
  isSystemAccountId,
  parseAccountId,
  worldAccountId,
} from './account-id.js';
export { accountFromJson, accountToJson } from './account-snapshot.js';
export { openedAccount, type AccountProfile } from './opening.js';
