import { refuseUnfinished, type CheckPace } from '../account-check/check-pace.js';
import {
  CHAIN_UNCHECKED,
  decodeCheckCursor,
  encodeCheckCursor,
  type ChainPosition,
  type CheckPosition,
  type CheckScope,
} from '../account-check/check-position.js';
import type { Clock } from '../clock.port.js';
import type { Deployment } from '../deployment.port.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import { checkAttribution } from '../reconcile-account/attribution.js';
import type { AccountRepair } from '../reconciliation/account-repair.js';
import type { Attribution } from '../reconciliation/account-restorer.port.js';
import type { AccountState } from '../reconciliation/account-state.port.js';
import { driftFaults } from '../reconciliation/account-difference.js';
import { accountValidation, type AccountValidation } from '../validate-account/account-validation.js';
import { checkChain, type ChainCheckReads, type CheckedChain } from '../validate-account/chain-check.js';
import { decodeAccountCursor, encodeAccountCursor } from './account-cursor.js';
import { walkAccounts, type AccountPosition } from './account-walk.js';

/** Drifted accounts of so many fit an answer. */
export const ACCOUNTS_PER_CALL_MAX = 1_000;
const ACCOUNTS_PER_CALL_DEFAULT = 500;

export interface ReconcileAccounts extends Attribution {
  /** Empty: from the first account. */
  readonly cursor: string;
  /** 0: the default. */
  readonly limit: number;
  /** False: only look. */
  readonly repair: boolean;
  /** What the call before said of an account in progress; empty at first. Absent: the caller cannot go on with one. */
  readonly unfinished?: string | undefined;
}

export interface AccountsReconciled {
  /** Rows: an account of the platform has one a bucket. */
  readonly accountsChecked: number;
  /** As they were found. */
  readonly drifted: AccountValidation[];
  readonly repaired: number;
  /** Empty: every account was looked at. */
  readonly nextCursor: string;
  /** Not empty: the next account has drifted, and proving its chain takes longer than a call. */
  readonly unfinished: string;
}

export interface ReconcileAccountsParts {
  readonly reads: ChainCheckReads;
  readonly repair: AccountRepair;
  readonly pace: CheckPace;
}

interface WalkPiece {
  readonly start: AccountPosition;
  readonly buckets: number;
  readonly endsAtMs: number;
}

/** What one call came to. */
interface Walked {
  readonly drifted: AccountValidation[];
  repaired: number;
  /** The last account that was done with. */
  position: AccountPosition;
  unfinished: string;
}

/** Compares the next rows of a walk over all with the ledger, and restores those that have drifted if asked to. */
export class ReconcileAccountsHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly parts: ReconcileAccountsParts,
    private readonly clock: Clock,
  ) {}

  /**
   * Refuses with INVALID_REQUEST, INVALID_CURSOR, or as {@link CheckPace.take}. A drifted account whose chain does
   * not hold is among the drifted and is not repaired. Throws OutageError.
   */
  async execute(request: ReconcileAccounts): Promise<AccountsReconciled | ReadRefusal> {
    const refusal = checkRequest(request);
    if (refusal !== undefined) return refusal;
    const buckets = this.deployment.buckets();
    const start = decodeAccountCursor(request.cursor, buckets);
    if (isReadRefusal(start)) return start;
    return this.parts.pace.slice((endsAtMs) => this.walk(request, { start, buckets, endsAtMs }));
  }

  private async walk(
    request: ReconcileAccounts,
    { start, buckets, endsAtMs }: WalkPiece,
  ): Promise<AccountsReconciled | ReadRefusal> {
    const walked: Walked = { drifted: [], repaired: 0, position: start, unfinished: '' };
    const mayGoOn = (): boolean => walked.unfinished === '' && this.clock.nowMs() < endsAtMs;
    const { accountsChecked, position } = await walkAccounts(this.parts.reads.states, start, {
      buckets,
      accountsMax: request.limit === 0 ? ACCOUNTS_PER_CALL_DEFAULT : request.limit,
      mayGoOn,
      visit: (state) => this.visit(state, request, { walked, mayGoOn }),
    });
    const { drifted, repaired, unfinished } = walked;
    if (unfinished === '') {
      return { accountsChecked, drifted, repaired, nextCursor: encodeAccountCursor(position), unfinished };
    }
    // That account is visited again, and is counted then.
    const done = { accountsChecked: accountsChecked - 1, drifted, repaired };
    const nextCursor = encodeAccountCursor(walked.position);
    if (request.unfinished !== undefined) return { ...done, nextCursor, unfinished };
    return done.accountsChecked > 0 ? { ...done, nextCursor, unfinished: '' } : refuseUnfinished();
  }

  private async visit(
    state: AccountState,
    request: ReconcileAccounts,
    { walked, mayGoOn }: { readonly walked: Walked; readonly mayGoOn: () => boolean },
  ): Promise<void> {
    const { bucket, accountId } = state;
    if (driftFaults(state).length > 0) {
      const scope: CheckScope = { check: 'reconcile', accountId };
      const from = startOf(state, decodeCheckCursor(scope, request.unfinished ?? ''));
      const { checked, reached } = await checkChain(this.parts.reads, state, { from, mayGoOn });
      if (checked === undefined) {
        walked.unfinished = encodeCheckCursor(scope, { ...reached, bucket, entriesChecked: 0n });
        return;
      }
      walked.drifted.push(accountValidation(state, [checked.validation]));
      if (await this.settle(checked, request)) walked.repaired += 1;
    }
    walked.position = { bucket, accountId };
  }

  /** True when the row was restored. */
  private async settle({ proof }: CheckedChain, request: ReconcileAccounts): Promise<boolean> {
    const { repair } = this.parts;
    if (request.repair) return (await repair.restore(proof, request)) === true;
    await repair.report(proof.state);
    return false;
  }
}

/** Where the check of this account goes on: from the beginning, unless it is the one that was in progress. */
function startOf({ bucket }: AccountState, position: CheckPosition | ReadRefusal): ChainPosition {
  return isReadRefusal(position) || position.bucket !== bucket ? CHAIN_UNCHECKED : position;
}

function checkRequest(request: ReconcileAccounts): ReadRefusal | undefined {
  if (request.limit > ACCOUNTS_PER_CALL_MAX) {
    return refuseRead('INVALID_REQUEST', `limit must be between 1 and ${ACCOUNTS_PER_CALL_MAX}`, 'limit');
  }
  return request.repair ? checkAttribution(request) : undefined;
}
