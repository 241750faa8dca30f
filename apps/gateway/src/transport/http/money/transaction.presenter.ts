import { ERROR_TABLE } from '@steelyard/contracts/errors';
import type { moneyV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import type { ChangePosted } from '../../../application/change-balance/change-balance.handler.js';
import type { Validation } from '../../../application/change-balance/validation.js';
import type { BatchResult } from '../../../application/execute-batch/execute-batch.handler.js';
import type { Posted } from '../../../application/posting/posted.js';
import { isRefused, type Refused } from '../../../application/refused.js';
import { isoInstant } from '../json/iso-instant.js';
import { RawJson, type Reply } from '../json/to-json.js';
import type { CHANGE_TYPES } from './money.dto.js';

type Entry = moneyV1.Entry;
type Transaction = moneyV1.Transaction;

/** A deposit or a withdrawal as its account sees it. */
export function presentMovement(transaction: Transaction) {
  return movement(transaction, firstEntry(transaction));
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

/** What became of one item of a batch. */
export function presentBatchResult(result: BatchResult): Reply {
  if (isRefused(result)) return presentItemRefusal(result);
  const { transaction, replayed, showsReceiver } = result;
  const isBetweenAccounts =
    transaction.entries.filter(({ accountId }) => !accountId.startsWith('@')).length > 1;
  return {
    ok: true,
    replayed,
    transaction: isBetweenAccounts
      ? presentTransfer(transaction, showsReceiver)
      : presentMovement(transaction),
  };
}

/** A change that was posted. */
export function presentChange(
  { posted, validation }: ChangePosted,
  request: { changeType: (typeof CHANGE_TYPES)[number]; reason: string },
): Reply {
  const { transaction } = posted;
  const entry = firstEntry(transaction);
  return {
    success: true,
    newBalance: entry.balanceAfter,
    validation: presentValidation(validation),
    event: {
      transactionId: transaction.transactionId,
      accountId: entry.accountId,
      type: transaction.type,
      changeType: request.changeType,
      amount: entry.amount,
      balanceBefore: entry.balanceBefore,
      balanceAfter: entry.balanceAfter,
      currency: entry.currency,
      reason: request.reason,
      metadata: new RawJson(transaction.metadataJson),
      createdAt: isoInstant(transaction.committedAtMs),
    },
  };
}

/** Whether a change can be posted, and why not. */
export function presentValidation(validation: Validation) {
  const { isValid, errors, warnings, reasons, balanceBefore, balanceAfter } = validation;
  return {
    isValid,
    errors,
    warnings,
    reasons: reasons.map(({ code, severity, message, field }) => ({ code, severity, message, field })),
    balanceBefore,
    balanceAfter,
  };
}

/** The transaction of a movement that answers with it whole. */
export function presentPosted({ transaction }: Posted): Reply {
  return presentTransaction(transaction);
}

function presentItemRefusal({ code, message, field }: Refused): Reply {
  return { ok: false, error: code, message, retryable: ERROR_TABLE[code].retryable, field };
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

function firstEntry({ entries: [entry] }: Transaction): Entry {
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
