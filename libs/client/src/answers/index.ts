export {
  refused,
  type Found,
  type Granted,
  type Journalled,
  type ReadResult,
  type Refusal,
  type Refused,
  type Result,
} from './answer.js';
export { SteelyardProtocolError } from './protocol-error.js';
export { KNOWN_REFUSAL_CODES, type RefusalCode } from './refusal-codes.js';
export { ofOperation, SteelyardUnavailableError, type OutageReason } from './unavailable-error.js';
