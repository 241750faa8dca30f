import type { AccountState, AccountStateReads } from '../reconciliation/account-state.port.js';

/** How far a walk over all accounts came: the last account looked at; an empty id before the first of a bucket. */
export interface AccountPosition {
  readonly bucket: number;
  readonly accountId: string;
}

export const FIRST_ACCOUNT: AccountPosition = { bucket: 0, accountId: '' };

export interface AccountWalkBounds {
  readonly buckets: number;
  readonly accountsMax: number;
  /** Asked after each account: what is done with one that has drifted may take long. */
  readonly mayGoOn: () => boolean;
}

export interface AccountsWalked {
  /** Rows: an account of the platform has one a bucket. */
  readonly accountsChecked: number;
  /** Where to go on; undefined when every row was looked at. */
  readonly position: AccountPosition | undefined;
}

/** Rows a statement: some milliseconds. */
const ACCOUNTS_PER_PAGE = 500;

/** Visits the rows from `start` on in key order, bucket after bucket, at least one, until a bound is met. */
export async function walkAccounts(
  reads: AccountStateReads,
  start: AccountPosition,
  { visit, ...bounds }: AccountWalkBounds & { readonly visit: (state: AccountState) => Promise<void> },
): Promise<AccountsWalked> {
  let accountsChecked = 0;
  let position: AccountPosition | undefined = start;
  do {
    const limit = Math.min(ACCOUNTS_PER_PAGE, bounds.accountsMax - accountsChecked);
    const page = await reads.statesAfter(position.bucket, position.accountId, limit);
    for (const state of page) {
      await visit(state);
      accountsChecked += 1;
      position = { bucket: state.bucket, accountId: state.accountId };
      if (accountsChecked >= bounds.accountsMax || !bounds.mayGoOn()) return { accountsChecked, position };
    }
    if (page.length < limit) position = nextBucket(position, bounds.buckets);
  } while (position !== undefined && bounds.mayGoOn());
  return { accountsChecked, position };
}

function nextBucket({ bucket }: AccountPosition, buckets: number): AccountPosition | undefined {
  return bucket + 1 < buckets ? { bucket: bucket + 1, accountId: '' } : undefined;
}
