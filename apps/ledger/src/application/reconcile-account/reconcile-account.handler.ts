import type { CheckPace } from '../account-check/check-pace.js';
import { decodeCheckCursor, encodeCheckCursor, type CheckScope } from '../account-check/check-position.js';
import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { Deployment } from '../deployment.port.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import type { AccountRepair } from '../reconciliation/account-repair.js';
import type { Attribution } from '../reconciliation/account-restorer.port.js';
import {
  accountValidation,
  type AccountValidation,
  type ChainValidation,
} from '../validate-account/account-validation.js';
import { checkChain, type ChainCheckReads } from '../validate-account/chain-check.js';
import { ValidationCheck, type FinishedChain } from '../validate-account/validation-check.js';
import { checkAttribution } from './attribution.js';

export interface ReconcileAccount extends Attribution {
  readonly accountId: string;
  /** Empty: from the beginning. Absent: the caller takes the whole answer or none. */
  readonly cursor?: string | undefined;
}

/** What became of the chains that were finished by this call. */
export interface AccountReconciled {
  readonly repaired: boolean;
  readonly before: AccountValidation;
  readonly after: AccountValidation;
  /** Empty: everything is checked. */
  readonly nextCursor: string;
}

interface Restored {
  isRepaired: boolean;
  readonly before: ChainValidation[];
  readonly after: ChainValidation[];
  refusal: ReadRefusal | undefined;
}

/** Restores an account's rows to the ledger, where they have drifted from it. Never edits history. */
export class ReconcileAccountHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly parts: { readonly reads: ChainCheckReads; readonly repair: AccountRepair },
    private readonly pace: CheckPace,
  ) {}

  /**
   * Refuses with INVALID_REQUEST, INVALID_ACCOUNT_ID, ACCOUNT_NOT_FOUND, INVALID_CURSOR, INTEGRITY_FAILURE when a
   * chain does not hold, or as {@link CheckPace.take}. Throws OutageError when the balance app cannot be reached.
   */
  async execute(request: ReconcileAccount): Promise<AccountReconciled | ReadRefusal> {
    const { accountId, cursor } = request;
    const malformed = checkAccountId(accountId) ?? checkAttribution(request);
    if (malformed !== undefined) return malformed;
    const scope: CheckScope = { check: 'reconcile', accountId };
    const start = decodeCheckCursor(scope, cursor ?? '');
    if (isReadRefusal(start)) return start;
    const restored: Restored = { isRepaired: false, before: [], after: [], refusal: undefined };
    const buckets = bucketsOf(accountId, this.deployment.buckets());
    const check = new ValidationCheck(this.parts.reads, { accountId, buckets, start }, (chain) =>
      this.restore(chain, request, restored),
    );
    // In its turn from the beginning: a place that is refused means that nothing was changed.
    const refusal = (await this.pace.take(check, cursor !== undefined)) ?? restored.refusal;
    if (refusal !== undefined) return refusal;
    if (check.isUnknown) return unknownAccount(accountId);
    const { currency, position, isDone } = check;
    return {
      repaired: restored.isRepaired,
      before: accountValidation({ accountId, currency }, restored.before),
      after: accountValidation({ accountId, currency }, restored.after),
      nextCursor: encodeCheckCursor(scope, isDone ? undefined : position),
    };
  }

  /** False when the chain cannot be restored. */
  private async restore(
    chain: FinishedChain,
    attribution: Attribution,
    restored: Restored,
  ): Promise<boolean> {
    const result = await this.parts.repair.restore(chain.proof, attribution);
    if (isReadRefusal(result)) {
      restored.refusal = result;
      return false;
    }
    restored.isRepaired ||= result;
    restored.before.push(chain.validation);
    restored.after.push(result ? await this.validateAgain(chain) : chain.validation);
    return true;
  }

  /** What the row says now. Of its chain only what was posted meanwhile is new. */
  private async validateAgain({ proof, validation, reached }: FinishedChain): Promise<ChainValidation> {
    const { reads } = this.parts;
    const { accountId, bucket } = proof.state;
    const [state = proof.state] = await reads.states.statesOf(accountId, [bucket]);
    const { checked } = await checkChain(reads, state, { from: reached, mayGoOn: () => true });
    return checked?.validation ?? validation;
  }
}
