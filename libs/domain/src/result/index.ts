export { refuse, isRefusal, type Refusal } from './refusal.js';
export { REFUSAL_CODES, type RefusalCode } from './refusal-codes.js';
export { invariant, InvariantError } from './invariant.js';
