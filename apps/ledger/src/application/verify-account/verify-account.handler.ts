import type { CheckPace } from '../account-check/check-pace.js';
import { decodeCheckCursor, encodeCheckCursor, type CheckScope } from '../account-check/check-position.js';
import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { Deployment } from '../deployment.port.js';
import { isReadRefusal, type ReadRefusal } from '../read-refusal.js';
import type { VerificationReads } from '../verification/verification-reads.port.js';
import type { AccountVerification } from './account-verification.js';
import { VerificationCheck } from './verification-check.js';

export interface VerifyAccount {
  readonly accountId: string;
  /** Empty: from the beginning. Absent: the caller takes the whole answer or none. */
  readonly cursor?: string | undefined;
}

export interface AccountVerified {
  /** Absent while there is more to check. */
  readonly verification: AccountVerification | undefined;
  /** Empty: everything is checked. */
  readonly nextCursor: string;
  /** So far, all calls together. */
  readonly entriesChecked: bigint;
  /** That the account has now. */
  readonly entries: bigint;
}

/** Recomputes the whole chain of one account: of one with several, the chains of all buckets. */
export class VerifyAccountHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly reads: VerificationReads,
    private readonly pace: CheckPace,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, ACCOUNT_NOT_FOUND, INVALID_CURSOR, or as {@link CheckPace.takeShortAtOnce}. */
  async execute(request: VerifyAccount): Promise<AccountVerified | ReadRefusal> {
    const { accountId, cursor } = request;
    const malformed = checkAccountId(accountId);
    if (malformed !== undefined) return malformed;
    const scope: CheckScope = { check: 'verify', accountId };
    const start = decodeCheckCursor(scope, cursor ?? '');
    if (isReadRefusal(start)) return start;
    const buckets = bucketsOf(accountId, this.deployment.buckets());
    const check = new VerificationCheck(this.reads, { accountId, buckets }, start);
    const refusal = await this.pace.takeShortAtOnce(check, cursor !== undefined);
    if (refusal !== undefined) return refusal;
    if (check.isUnknown) return unknownAccount(accountId);
    const { verification, entries, position } = check;
    const nextCursor = verification === undefined ? encodeCheckCursor(scope, position) : '';
    return { verification, nextCursor, entriesChecked: position.entriesChecked, entries };
  }
}
