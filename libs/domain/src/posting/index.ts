export { transactionIdOf, entryIdOf, parseId, ENTRIES_PER_TRANSACTION_MAX, type FactKey } from './ids.js';
export {
  factKind,
  factNumber,
  isTransactionType,
  TRANSACTION_TYPE_NUMBERS,
  type AccountFactKind,
  type FactKind,
  type TransactionType,
} from './transaction-types.js';
