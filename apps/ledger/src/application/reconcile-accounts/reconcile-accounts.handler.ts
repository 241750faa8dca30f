import type { Clock } from '../clock.port.js';
import type { Deployment } from '../deployment.port.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import { checkAttribution } from '../reconcile-account/attribution.js';
import type { AccountRepair } from '../reconciliation/account-repair.js';
import type { Attribution } from '../reconciliation/account-restorer.port.js';
import type { AccountState, AccountStateReads } from '../reconciliation/account-state.port.js';
import { driftFaults } from '../reconciliation/drift.js';
import type { AccountValidation } from '../validate-account/account-validation.js';
import type { AccountValidator } from '../validate-account/account-validator.js';
import { decodeAccountCursor, encodeAccountCursor } from './account-cursor.js';
import { walkAccounts } from './account-walk.js';

/** Drifted accounts of so many fit an answer. */
export const ACCOUNTS_PER_CALL_MAX = 1_000;
const ACCOUNTS_PER_CALL_DEFAULT = 500;
/** A call ends long before any caller's deadline; the cursor says where the next one goes on. */
const CALL_BUDGET_MS = 2_000;

export interface ReconcileAccounts extends Attribution {
  /** Empty: from the first account. */
  readonly cursor: string;
  /** 0: the default. */
  readonly limit: number;
  /** False: only look. */
  readonly repair: boolean;
}

export interface AccountsReconciled {
  /** Rows: an account of the platform has one a bucket. */
  readonly accountsChecked: number;
  /** As they were found. */
  readonly drifted: AccountValidation[];
  readonly repaired: number;
  /** Empty: every account was looked at. */
  readonly nextCursor: string;
}

export interface ReconcileAccountsParts {
  readonly states: AccountStateReads;
  readonly validator: AccountValidator;
  readonly repair: AccountRepair;
}

/** Compares the next rows of a walk over all with the ledger, and restores those that have drifted if asked to. */
export class ReconcileAccountsHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly parts: ReconcileAccountsParts,
    private readonly clock: Clock,
  ) {}

  /**
   * Refuses with INVALID_REQUEST or INVALID_CURSOR. A drifted account whose chain does not hold is among the drifted
   * and is not repaired. Throws OutageError.
   */
  async execute(request: ReconcileAccounts): Promise<AccountsReconciled | ReadRefusal> {
    const refusal = checkRequest(request);
    if (refusal !== undefined) return refusal;
    const buckets = this.deployment.buckets();
    const start = decodeAccountCursor(request.cursor, buckets);
    if (isReadRefusal(start)) return start;
    const accountsMax = request.limit === 0 ? ACCOUNTS_PER_CALL_DEFAULT : request.limit;
    const deadlineMs = this.clock.nowMs() + CALL_BUDGET_MS;
    let repaired = 0;
    const drifted: AccountValidation[] = [];
    const { accountsChecked, position } = await walkAccounts(this.parts.states, start, {
      buckets,
      accountsMax,
      mayGoOn: () => this.clock.nowMs() < deadlineMs,
      visit: async (state) => {
        if (driftFaults(state).length === 0) return;
        const found = await this.reconcile(state, request);
        drifted.push(found.validation);
        if (found.isRepaired) repaired += 1;
      },
    });
    return { accountsChecked, drifted, repaired, nextCursor: encodeAccountCursor(position) };
  }

  private async reconcile(
    state: AccountState,
    request: ReconcileAccounts,
  ): Promise<{ readonly validation: AccountValidation; readonly isRepaired: boolean }> {
    const { validator, repair } = this.parts;
    const { validation, proofs } = await validator.validate([state]);
    if (!request.repair) {
      await repair.report([state]);
      return { validation, isRepaired: false };
    }
    let isRepaired = false;
    for (const proof of proofs) isRepaired ||= (await repair.restore(proof, request)) === true;
    return { validation, isRepaired };
  }
}

function checkRequest(request: ReconcileAccounts): ReadRefusal | undefined {
  if (request.limit > ACCOUNTS_PER_CALL_MAX) {
    return refuseRead('INVALID_REQUEST', `limit must be between 1 and ${ACCOUNTS_PER_CALL_MAX}`, 'limit');
  }
  return request.repair ? checkAttribution(request) : undefined;
}
