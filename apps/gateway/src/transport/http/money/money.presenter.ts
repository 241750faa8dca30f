import { ERROR_TABLE } from '@steelyard/contracts/errors';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import { isoInstant, RawJson, type Reply } from '@steelyard/rest/replies';
import { firstEntry, presentMovement, presentTransfer } from '@steelyard/rest/transactions';
import type { ChangePosted } from '../../../application/change-balance/change-balance.handler.js';
import type { Validation } from '../../../application/change-balance/validation.js';
import type { BatchResult } from '../../../application/execute-batch/execute-batch.handler.js';
import type { CHANGE_TYPES } from './money.dto.js';

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

function presentItemRefusal({ code, message, field }: Refused): Reply {
  return { ok: false, error: code, message, retryable: ERROR_TABLE[code].retryable, field };
}
