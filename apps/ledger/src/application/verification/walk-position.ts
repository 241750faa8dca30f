/**
 * How far a walk over the whole ledger came. It takes bucket after bucket, in each first the accounts in key
 * order, then the facts.
 */
export type WalkPosition = AccountsPosition | FactsPosition;

export interface AccountsPosition {
  readonly step: 'accounts';
  readonly bucket: number;
  /** The last account looked at; empty before the first. */
  readonly accountId: string;
}

export interface FactsPosition {
  readonly step: 'facts';
  readonly bucket: number;
  readonly factSequence: bigint;
}

export const WALK_START: WalkPosition = { step: 'accounts', bucket: 0, accountId: '' };
