export {
  TransactionIds,
  transactionIdOf,
  entryIdOf,
  parseId,
  ENTRIES_PER_TRANSACTION_MAX,
  type FactKey,
} from './ids.js';
export {
  ACCOUNT_FACT_NUMBERS,
  factKind,
  factNumber,
  isTransactionType,
  TRANSACTION_TYPE_NUMBERS,
  type AccountFactKind,
  type FactKind,
  type TransactionType,
} from './transaction-types.js';
export type {
  Command,
  Details,
  LimitsPatch,
  OpenAccount,
  PostToAccount,
  Reverse,
  ReversibleTransaction,
  SetAccountStatus,
  Transfer,
  TransactionLeg,
  UpdateAccount,
} from './commands.js';
export { refuseReservedNames, RESERVED_METADATA_NAMES } from './details.js';
export { prepare, type PreparedCommand } from './prepared-command.js';
export { Books, type AccountRef, type BucketBooks, type DecidedKey, type Head } from './books.js';
export { missingFor, type CoreSettings, type Requirements } from './requirements.js';
export type { DecisionContext } from './decision-context.js';
export { PostingBatch } from './posting-batch.js';
export { outcomeFromJson } from './outcome-json.js';
export type {
  AccountOutcome,
  Answer,
  Outcome,
  PostedEntry,
  PostedTransaction,
  TransactionOutcome,
} from './outcome.js';
export type {
  ChangedAccount,
  EntryRow,
  FactRow,
  HeadMove,
  KeyRow,
  ReversalRow,
  WriteSet,
} from './write-set.js';
