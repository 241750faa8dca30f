import type { Finding } from '../verification/finding.js';

/** What callers are told about an account's chain. */
export interface AccountVerification {
  readonly accountId: string;
  /** Of the chain at fault; of the first chain when all are valid. */
  readonly bucket: number;
  readonly valid: boolean;
  readonly entriesChecked: bigint;
  readonly firstInvalidEntry?: { readonly sequence: bigint; readonly entryId: string };
  /** Empty when valid. */
  readonly reason: string;
}

/** The verification of an account with this finding. */
export function verificationOf(finding: Finding): AccountVerification {
  const { accountId, bucket, sequence, entryId, reason } = finding;
  return {
    accountId,
    bucket,
    valid: false,
    // Those before the first bad one.
    entriesChecked: sequence > 0n ? sequence - 1n : 0n,
    firstInvalidEntry: { sequence, entryId },
    reason,
  };
}
