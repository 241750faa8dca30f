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
  isFactKind,
  isTransactionType,
  TRANSACTION_TYPE_NUMBERS,
  type AccountFactKind,
  type ReservationFactKind,
  type FactKind,
  type TransactionType,
} from './transaction-types.js';
export type {
  Command,
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
export type {
  CommitReservation,
  ExpireReservations,
  ExtendReservation,
  ReleaseReservation,
  ReservationCommand,
  Reserve,
} from './reservation-commands.js';
export {
  CONTRIBUTION_TYPES,
  type CancelPot,
  type CashOut,
  type Contribute,
  type ContributionType,
  type Payout,
  type PotWinner,
  type ReturnContribution,
  type SetTablePolicy,
  type SettlePot,
  type ShownHand,
  type TableCommand,
} from './table-commands.js';
export { type Details, refuseReservedNames, RESERVED_METADATA_NAMES } from './details.js';
export { prepare, type PreparedCommand } from './prepared-command.js';
export {
  Books,
  potText,
  type AccountRef,
  type BucketBooks,
  type DecidedKey,
  type DueReservations,
  type Head,
  type PotRef,
} from './books.js';
export type { CoreSettings } from './core-settings.js';
export { missingFor, type RequirementContext, type Requirements } from './requirements.js';
export type { DecisionContext } from './decision-context.js';
export type { Inflation } from './plan-applier.js';
export { PostingBatch } from './posting-batch.js';
export { outcomeFromJson } from './outcome-json.js';
export type {
  AccountOutcome,
  Answer,
  Granted,
  Outcome,
  PaidOut,
  PostedEntry,
  PostedTransaction,
  PotOutcome,
  ReservationOutcome,
  TransactionOutcome,
} from './outcome.js';
export type {
  ChangedAccount,
  EntryRow,
  FactRow,
  HeadMove,
  KeyRow,
  PotRow,
  ReservationRow,
  ReversalRow,
  WriteSet,
} from './write-set.js';
