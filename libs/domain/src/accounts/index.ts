export { ACCOUNT_STATUSES, availableBalance, type Account, type AccountStatus } from './account.js';
export { refuseClosed, refuseOutOfBounds, refuseUnlessActive } from './account-rules.js';
export { bucketOf, BUCKETS_MAX } from './bucket.js';
export {
  ACCOUNT_ID_PATTERN,
  fxAccountId,
  houseAccountId,
  isSharedAccountId,
  isSystemAccountId,
  parseAccountId,
  parseName,
  potAccountId,
  tableAccountId,
  tableIdOf,
  worldAccountId,
} from './account-id.js';
export { accountFromJson, accountToJson } from './account-snapshot.js';
export { openedAccount, type AccountProfile } from './opening.js';
