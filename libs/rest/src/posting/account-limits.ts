import type { balanceV1 } from '@steelyard/contracts/grpc';

/** Limits as a request gives them: null is "without limit", absent keeps or takes the default. */
export interface LimitsRequest {
  readonly creditLimit?: bigint | null | undefined;
  readonly minimumHold?: bigint | undefined;
  readonly maxBalance?: bigint | null | undefined;
  readonly warningThreshold?: bigint | undefined;
  readonly criticalThreshold?: bigint | undefined;
}

/** The limits of a command; undefined when the request gives none. */
export function limitsOf(request: LimitsRequest | undefined): balanceV1.Limits | undefined {
  if (!request) return undefined;
  return {
    creditLimit: request.creditLimit ?? undefined,
    unlimitedCredit: request.creditLimit === null,
    minimumHold: request.minimumHold,
    maxBalance: request.maxBalance ?? undefined,
    unlimitedBalance: request.maxBalance === null,
    warningThreshold: request.warningThreshold,
    criticalThreshold: request.criticalThreshold,
  };
}
