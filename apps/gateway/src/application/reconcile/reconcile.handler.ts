import type { reconciliationV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import { callerName, type Caller } from '@steelyard/rest/access';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import type { LongChecks } from '../long-checks/long-checks.js';
import type { ReconciliationPort } from '../ports/reconciliation.port.js';

export interface ReconcileWalk {
  readonly cursor: string;
  readonly limit: number;
  readonly repair: boolean;
  readonly reason: string;
}

/** Both as they are of the whole account. */
export interface AccountReconciled {
  readonly repaired: boolean;
  readonly before: reconciliationV1.AccountValidation;
  readonly after: reconciliationV1.AccountValidation;
}

export type AccountsReconciled = Omit<reconciliationV1.ReconcileAccountsResponse, 'unfinished'>;

/** Compares accounts with the ledger, and restores them to it in the name of the caller. */
export class ReconcileHandler {
  constructor(
    private readonly reconciliation: ReconciliationPort,
    private readonly checks: LongChecks,
  ) {}

  /** Looks, and changes nothing. To the end, however long the chains are, for as long as the caller waits. */
  async validate(
    accountId: string,
    waiting: AbortSignal,
  ): Promise<reconciliationV1.AccountValidation | Refused> {
    const parts: reconciliationV1.AccountValidation[] = [];
    const last = await this.checks.run(
      waiting,
      (cursor) => this.reconciliation.validateAccount({ accountId, cursor }),
      ({ validation }) => parts.push(...present(validation)),
    );
    return isRefused(last) ? last : joined(parts);
  }

  /** Proves the chains to their ends, for as long as the caller waits, and restores each that has drifted. */
  async account(
    caller: Caller,
    request: { readonly accountId: string; readonly reason: string },
    waiting: AbortSignal,
  ): Promise<AccountReconciled | Refused> {
    const before: reconciliationV1.AccountValidation[] = [];
    const after: reconciliationV1.AccountValidation[] = [];
    let repaired = false;
    const attributed = { ...request, performedBy: callerName(caller) };
    const last = await this.checks.run(
      waiting,
      (cursor) => this.reconciliation.reconcileAccount({ ...attributed, cursor }),
      (step) => {
        repaired ||= step.repaired;
        before.push(...present(step.before));
        after.push(...present(step.after));
      },
    );
    return isRefused(last) ? last : { repaired, before: joined(before), after: joined(after) };
  }

  /**
   * The next accounts of a walk over all; an empty cursor is the beginning. One that has drifted is proved to its end,
   * however long its chain is, for as long as the caller waits.
   */
  async walk(
    caller: Caller,
    request: ReconcileWalk,
    waiting: AbortSignal,
  ): Promise<AccountsReconciled | Refused> {
    const drifted: reconciliationV1.AccountValidation[] = [];
    let [accountsChecked, repaired] = [0, 0];
    let next = { ...request, performedBy: callerName(caller) };
    const last = await this.checks.run(
      waiting,
      async (unfinished) => {
        const step = await this.reconciliation.reconcileAccounts({ ...next, unfinished });
        return isRefused(step) ? step : { walked: step, nextCursor: step.unfinished };
      },
      ({ walked }) => {
        drifted.push(...walked.drifted);
        accountsChecked += walked.accountsChecked;
        repaired += walked.repaired;
        next = { ...next, cursor: walked.nextCursor, limit: request.limit - accountsChecked };
      },
    );
    return isRefused(last) ? last : { accountsChecked, drifted, repaired, nextCursor: next.cursor };
  }

  incidents(
    request: reconciliationV1.ListIncidentsRequest,
  ): Promise<reconciliationV1.ListIncidentsResponse | Refused> {
    return this.reconciliation.listIncidents(request);
  }
}

function present<Part>(part: Part | undefined): Part[] {
  invariant(part, 'the ledger answers with what it finished');
  return [part];
}

/** An account whose chains were finished by several steps. */
function joined(parts: readonly reconciliationV1.AccountValidation[]): reconciliationV1.AccountValidation {
  const [first] = parts;
  invariant(first, 'a check has at least one step');
  const chains = parts.flatMap((part) => part.chains);
  return { ...first, valid: parts.every(({ valid }) => valid), chains };
}
