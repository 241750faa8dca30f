import type { moneyV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import type { Posted } from '../posting/posted.js';
import { isoInstant } from '../replies/iso-instant.js';
import { RawJson, type Reply } from '../replies/to-json.js';

type Entry = moneyV1.Entry;
type Transaction = moneyV1.Transaction;

/** A deposit or a withdrawal as its account sees it. */
export function presentMovement(transaction: Transaction) {
  return movement(transaction, firstEntry(transaction));
}

/** A movement as one of its accounts sees it. */
export function presentMovementOf(transaction: Transaction, accountId: string) {
  const entry = transaction.entries.find((one) => one.accountId === accountId);
  invariant(entry, 'the transaction moves money of the account');
  return movement(transaction, entry);
}

/** A transfer; what the receiver holds only when the caller may see it. */
export function presentTransfer(transaction: Transaction, showsReceiver: boolean) {
  const from = firstEntry(transaction);
  const to = receivingEntry(transaction, from);
  return { ...movement(transaction, from), from: side(from, true), to: side(to, showsReceiver) };
}

/** A transaction as the account that was asked for sees it; its entry comes first. */
export function presentAccountTransaction(transaction: Transaction): Reply {
  const entry = firstEntry(transaction);
  return {
    ...movement(transaction, entry),
    metadata: new RawJson(transaction.metadataJson),
    entryAmount: entry.amount,
  };
}

/** A transaction with its entries; of accounts outside `visibleAccountIds` only what was moved. */
export function presentTransaction(transaction: Transaction, visibleAccountIds?: ReadonlySet<string>): Reply {
  const { transactionId, type, amount, status, currency } = transaction;
  const committedAt = isoInstant(transaction.committedAtMs);
  return {
    transactionId,
    type,
    amount,
    status,
    createdAt: committedAt,
    completedAt: committedAt,
    currency,
    entries: transaction.entries.map((entry) =>
      presentEntry(entry, visibleAccountIds?.has(entry.accountId) ?? true),
    ),
    metadata: new RawJson(transaction.metadataJson),
  };
}

/** The transaction of a movement that answers with it whole. */
export function presentPosted({ transaction }: Posted): Reply {
  return presentTransaction(transaction);
}

function movement(transaction: Transaction, entry: Entry) {
  const committedAt = isoInstant(transaction.committedAtMs);
  return {
    transactionId: transaction.transactionId,
    type: transaction.type,
    amount: transaction.amount,
    balanceBefore: entry.balanceBefore,
    balanceAfter: entry.balanceAfter,
    status: transaction.status,
    createdAt: committedAt,
    completedAt: committedAt,
    currency: entry.currency,
    accountId: entry.accountId,
  };
}

function side({ accountId, currency, amount, balanceBefore, balanceAfter }: Entry, showsBalances: boolean) {
  return showsBalances
    ? { accountId, currency, amount, balanceBefore, balanceAfter }
    : { accountId, currency, amount };
}

function presentEntry(entry: Entry, showsBalances: boolean): Reply {
  const { entryId, accountId, currency, amount, balanceBefore, balanceAfter, sequence } = entry;
  return showsBalances
    ? { entryId, accountId, currency, amount, balanceBefore, balanceAfter, sequence }
    : { entryId, accountId, currency, amount };
}

/** The entry of the account that the transaction is about. */
export function firstEntry({ entries: [entry] }: Transaction): Entry {
  invariant(entry, 'a transaction has entries');
  return entry;
}

/** A conversion has entries of the exchange account in between; the receiver's is the last of a client. */
function receivingEntry({ entries }: Transaction, from: Entry): Entry {
  const to = entries.findLast(
    (entry) => !entry.accountId.startsWith('@') && entry.accountId !== from.accountId,
  );
  invariant(to, 'a transfer has two accounts of clients');
  return to;
}
