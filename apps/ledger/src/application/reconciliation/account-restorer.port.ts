import type { ReadRefusal } from '../read-refusal.js';
import type { AccountEnd } from '../verification/verification-reads.port.js';

/** Who asks, and why: both are written down with what is done. */
export interface Attribution {
  readonly performedBy: string;
  readonly reason: string;
}

export interface RestoreRequest extends Attribution {
  readonly bucket: number;
  readonly accountId: string;
  /** How far the chain is proven. */
  readonly proven: AccountEnd;
}

/** Whoever may write balances, asked to make a row say again what the ledger says. */
export abstract class AccountRestorer {
  /**
   * False: the row agreed already. Refuses with INTEGRITY_FAILURE when the ledger does not agree with itself there,
   * or with ACCOUNT_NOT_FOUND. Throws OutageError; asking again is safe.
   */
  abstract restore(request: RestoreRequest): Promise<boolean | ReadRefusal>;
}
