import type { CheckPace } from '../account-check/check-pace.js';
import type { Deployment } from '../deployment.port.js';
import { isReadRefusal, refuseRead, type ReadRefusal } from '../read-refusal.js';
import type { LedgerWalk } from '../verification/ledger-walk.js';
import { verificationOf, type AccountVerification } from '../verify-account/account-verification.js';
import { decodeWalkCursor, encodeWalkCursor } from './walk-cursor.js';

/** Failures of so many accounts fit an answer. */
export const ACCOUNTS_PER_CALL_MAX = 1_000;
const ACCOUNTS_PER_CALL_DEFAULT = 100;

export interface VerifyAccounts {
  /** Empty: from the first account. */
  readonly cursor: string;
  /** 0: the default. */
  readonly limit: number;
}

export interface AccountsVerified {
  readonly accountsChecked: number;
  readonly entriesChecked: bigint;
  readonly failures: AccountVerification[];
  /** Empty: the whole ledger was walked. */
  readonly nextCursor: string;
}

/** Verifies the next accounts of the ledger in key order, and the facts of each bucket after its accounts. */
export class VerifyAccountsHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly walk: LedgerWalk,
    private readonly pace: CheckPace,
  ) {}

  /** Refuses with INVALID_REQUEST, INVALID_CURSOR, or as {@link CheckPace.slice}. */
  async execute(request: VerifyAccounts): Promise<AccountsVerified | ReadRefusal> {
    if (request.limit > ACCOUNTS_PER_CALL_MAX) {
      return refuseRead('INVALID_REQUEST', `limit must be between 1 and ${ACCOUNTS_PER_CALL_MAX}`, 'limit');
    }
    const buckets = this.deployment.buckets();
    const start = decodeWalkCursor(request.cursor, buckets);
    if (isReadRefusal(start)) return start;
    const accountsMax = request.limit === 0 ? ACCOUNTS_PER_CALL_DEFAULT : request.limit;
    const step = await this.pace.slice((deadlineMs) =>
      this.walk.advance(start, { buckets, accountsMax, deadlineMs }),
    );
    if (isReadRefusal(step)) return step;
    return {
      accountsChecked: step.accountsChecked,
      entriesChecked: step.entriesChecked,
      failures: step.findings.map(verificationOf),
      nextCursor: encodeWalkCursor(step.position),
    };
  }
}
