/** An account's row is to say again what its entries and its open reservations say. */
export interface RestoreAccount {
  readonly accountId: string;
  readonly bucket: number;
  /** How far the caller has recomputed the chain. */
  readonly proven: ChainEnd;
  readonly performedBy: string;
  readonly reason: string;
}

export interface ChainEnd {
  /** 0 before the first entry. */
  readonly sequence: bigint;
  /** Minor units. */
  readonly balance: bigint;
  /** Lower-case hex; GENESIS before the first entry. */
  readonly checksum: string;
}

/** What of an account's row follows from the ledger. */
export interface RestorableState extends ChainEnd {
  /** Minor units. */
  readonly held: bigint;
}

export interface AccountRestored {
  readonly kind: 'restored';
  /** Of the fact ACCOUNT_RECONCILED; undefined when the row agreed with the ledger and nothing was done. */
  readonly factId: string | undefined;
  readonly found: RestorableState;
  readonly expected: RestorableState;
}

/** Nothing was changed. */
export interface NotRestored {
  readonly kind: 'not-restored';
  /** INTEGRITY_FAILURE: the ledger does not agree with itself, so that nothing can be derived from it. */
  readonly code: 'ACCOUNT_NOT_FOUND' | 'INTEGRITY_FAILURE';
  readonly message: string;
}

/** Restores rows under the lock that every writer of the bucket takes. */
export abstract class AccountRestorer {
  /** Throws OutageError, also when so many entries were added meanwhile that the chain must be proven further. */
  abstract restore(request: RestoreAccount): Promise<AccountRestored | NotRestored>;
}
