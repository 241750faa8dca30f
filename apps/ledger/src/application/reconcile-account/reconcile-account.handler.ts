import { checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import type { AccountRepair } from '../reconciliation/account-repair.js';
import type { Attribution } from '../reconciliation/account-restorer.port.js';
import type { AccountValidation } from '../validate-account/account-validation.js';
import type { AccountValidator } from '../validate-account/account-validator.js';
import { checkAttribution } from './attribution.js';

export interface ReconcileAccount extends Attribution {
  readonly accountId: string;
}

export interface AccountReconciled {
  readonly repaired: boolean;
  readonly before: AccountValidation;
  readonly after: AccountValidation;
}

/** Restores an account's rows to the ledger, where they have drifted from it. Never edits history. */
export class ReconcileAccountHandler {
  constructor(
    private readonly validator: AccountValidator,
    private readonly repair: AccountRepair,
  ) {}

  /**
   * Refuses with INVALID_REQUEST, INVALID_ACCOUNT_ID, ACCOUNT_NOT_FOUND, or INTEGRITY_FAILURE when a chain does not
   * hold. Throws OutageError when the balance app cannot be reached.
   */
  async execute(request: ReconcileAccount): Promise<AccountReconciled | ReadRefusal> {
    const { accountId } = request;
    const malformed = checkAccountId(accountId) ?? checkAttribution(request);
    if (malformed !== undefined) return malformed;
    const [first, ...others] = await this.validator.statesOf(accountId);
    if (first === undefined) return unknownAccount(accountId);
    const { validation: before, proofs } = await this.validator.validate([first, ...others]);
    let repaired = false;
    for (const proof of proofs) {
      const result = await this.repair.restore(proof, request);
      if (isReadRefusal(result)) return result;
      repaired ||= result;
    }
    if (!repaired) return { repaired, before, after: before };
    const [firstAfter = first, ...othersAfter] = await this.validator.statesOf(accountId);
    const { validation: after } = await this.validator.validate([firstAfter, ...othersAfter]);
    return { repaired, before, after };
  }
}
