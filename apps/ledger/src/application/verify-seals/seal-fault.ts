/** Where the ledger differs from what was sealed. */
export interface SealFault {
  readonly seal: bigint;
  readonly bucket?: number;
  /** The first fact that differs. */
  readonly factSequence?: bigint;
  /** The first entry that differs, where it can be named; else empty. */
  readonly accountId: string;
  /** The entry's, in the chain of its account; 0 when none is named. */
  readonly sequence: bigint;
  readonly entryId: string;
  readonly reason: string;
}

const NO_ENTRY = { accountId: '', sequence: 0n, entryId: '' };

/** A fault of a seal as a whole. */
export function sealFault(seal: bigint, reason: string): SealFault {
  return { seal, reason, ...NO_ENTRY };
}

/** A fault of what a seal says of one bucket. */
export function bucketFault(
  place: { readonly seal: bigint; readonly bucket: number; readonly factSequence?: bigint },
  reason: string,
): SealFault {
  return { ...place, reason, ...NO_ENTRY };
}
