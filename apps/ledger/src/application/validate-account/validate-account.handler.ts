import type { CheckPace } from '../account-check/check-pace.js';
import { decodeCheckCursor, encodeCheckCursor, type CheckScope } from '../account-check/check-position.js';
import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { Deployment } from '../deployment.port.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import { accountValidation, type AccountValidation, type ChainValidation } from './account-validation.js';
import type { ChainCheckReads } from './chain-check.js';
import { ValidationCheck } from './validation-check.js';

export interface ValidateAccount {
  readonly accountId: string;
  /** Empty: from the beginning. Absent: the caller takes the whole answer or none. */
  readonly cursor?: string | undefined;
}

export interface AccountValidated {
  /** Of the chains that were finished by this call. */
  readonly validation: AccountValidation;
  /** Empty: everything is checked. */
  readonly nextCursor: string;
}

/** Compares an account's row with its entries and open reservations. Changes nothing. */
export class ValidateAccountHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly reads: ChainCheckReads,
    private readonly pace: CheckPace,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, ACCOUNT_NOT_FOUND, INVALID_CURSOR, or as {@link CheckPace.takeShortAtOnce}. */
  async execute(request: ValidateAccount): Promise<AccountValidated | ReadRefusal> {
    const { accountId, cursor } = request;
    const malformed = checkAccountId(accountId);
    if (malformed !== undefined) return malformed;
    const scope: CheckScope = { check: 'validate', accountId };
    const start = decodeCheckCursor(scope, cursor ?? '');
    if (isReadRefusal(start)) return start;
    const chains: ChainValidation[] = [];
    const buckets = bucketsOf(accountId, this.deployment.buckets());
    const check = new ValidationCheck(this.reads, { accountId, buckets, start }, async ({ validation }) => {
      chains.push(validation);
      return true;
    });
    const refusal = await this.pace.takeShortAtOnce(check, cursor !== undefined);
    if (refusal !== undefined) return refusal;
    if (check.isUnknown) return unknownAccount(accountId);
    const { currency, position, isDone } = check;
    const nextCursor = encodeCheckCursor(scope, isDone ? undefined : position);
    return { validation: accountValidation({ accountId, currency }, chains), nextCursor };
  }
}
