export {
  accountId,
  amount,
  amountFromZero,
  chosenName,
  currency,
  digits,
  idempotencyKey,
  instant,
  metadata,
  name,
  positiveAmount,
  reason,
} from './fields.js';
export { cursor, limit, period } from './paging.js';
export { parseAs } from './parse.js';
export { refuseIn } from './refine.js';
export {
  AccountId,
  IdempotencyKey,
  OptionalIdempotencyKey,
  ParsedBody,
  ParsedQuery,
  PathName,
  ReadableAccountId,
  WhileWaiting,
} from './request.decorators.js';
