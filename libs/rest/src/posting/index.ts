export { limitsOf, type LimitsRequest } from './account-limits.js';
export { attribute, type AttributionRequest } from './attribution.js';
export {
  changeBody,
  type ChangeMove,
  command,
  depositBody,
  details,
  type ReversalMove,
  reverseBody,
  type SingleAccountMove,
  transferBody,
  type TransferMove,
  withdrawBody,
} from './commands.js';
export { type AccountChanged, accountOf, type Posted, postedOf, refusalOf } from './posted.js';
