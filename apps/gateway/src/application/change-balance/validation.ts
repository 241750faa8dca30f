import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { ErrorCode } from '@steelyard/contracts/errors';
import type { Refused } from '@steelyard/rest/refusals';

/** One reason for which a change is refused or comes with a warning. */
export interface ValidationReason {
  readonly code: ErrorCode | ThresholdCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly field?: string;
}

export type ThresholdCode = 'BELOW_CRITICAL_THRESHOLD' | 'BELOW_WARNING_THRESHOLD';

/** Whether a change can be posted, why not, and what to be warned of. */
export interface Validation {
  readonly isValid: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly reasons: readonly ValidationReason[];
  readonly balanceBefore?: bigint;
  readonly balanceAfter?: bigint;
}

/** The validation of a change that the core refuses. */
export function invalidChange({ code, message, field }: Refused): Validation {
  const reason = { code, severity: 'error', message } as const;
  return {
    isValid: false,
    errors: [message],
    warnings: [],
    reasons: [field === undefined ? reason : { ...reason, field }],
  };
}

/** The validation of a change that is or would be posted: valid, with a warning below the worst threshold. */
export function validChange(
  account: balanceV1.Account | undefined,
  balances: { before: bigint; after: bigint },
): Validation {
  const warning = account && thresholdWarning(account, balances.after);
  return {
    isValid: true,
    errors: [],
    warnings: warning ? [warning.message] : [],
    reasons: warning ? [warning] : [],
    balanceBefore: balances.before,
    balanceAfter: balances.after,
  };
}

function thresholdWarning(account: balanceV1.Account, balance: bigint): ValidationReason | undefined {
  const { criticalThreshold, warningThreshold } = account;
  if (criticalThreshold !== undefined && balance < criticalThreshold) {
    const message = 'The balance is below the critical threshold';
    return { code: 'BELOW_CRITICAL_THRESHOLD', severity: 'warning', message };
  }
  if (warningThreshold !== undefined && balance < warningThreshold) {
    const message = 'The balance is below the warning threshold';
    return { code: 'BELOW_WARNING_THRESHOLD', severity: 'warning', message };
  }
  return undefined;
}
