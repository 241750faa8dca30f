import { checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { ReadRefusal } from '../read-refusal.js';
import type { AccountValidation } from './account-validation.js';
import type { AccountValidator } from './account-validator.js';

/** Compares an account's row with its entries and open reservations. Changes nothing. */
export class ValidateAccountHandler {
  constructor(private readonly validator: AccountValidator) {}

  /** Refuses with INVALID_ACCOUNT_ID or ACCOUNT_NOT_FOUND. */
  async execute(request: {
    readonly accountId: string;
  }): Promise<{ validation: AccountValidation } | ReadRefusal> {
    const { accountId } = request;
    const malformed = checkAccountId(accountId);
    if (malformed !== undefined) return malformed;
    const [first, ...others] = await this.validator.statesOf(accountId);
    if (first === undefined) return unknownAccount(accountId);
    const { validation } = await this.validator.validate([first, ...others]);
    return { validation };
  }
}
