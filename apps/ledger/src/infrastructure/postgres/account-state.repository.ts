import { invariant } from '@steelyard/domain/result';
import {
  AccountStateReads,
  type AccountState,
  type EntryStretchBounds,
  type HoldState,
  type StretchSum,
} from '../../application/reconciliation/account-state.port.js';
import { STATES_AFTER, STATES_OF, SUM_OF_ENTRIES } from './account-state.sql.js';
import { chainEndsOf, type ChainEndsRow } from './chain-ends-row.js';
import type { LedgerDatabase } from './ledger-database.js';

interface StateRow extends ChainEndsRow {
  readonly currency: string | null;
  readonly held: bigint | null;
  readonly next_expiry_at_ms: bigint | null;
  readonly open_reservations: bigint;
  readonly first_expiry_at_ms: bigint | null;
}

export class AccountStateRepository extends AccountStateReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async statesAfter(
    bucket: number,
    accountId: string,
    limit: number,
  ): Promise<readonly AccountState[]> {
    const values = [bucket, accountId, limit];
    const { rows } = await this.database.pool.query<StateRow>({ ...STATES_AFTER, values });
    return rows.map(stateOf);
  }

  override async statesOf(accountId: string, buckets: readonly number[]): Promise<readonly AccountState[]> {
    const values = [accountId, buckets];
    const { rows } = await this.database.pool.query<StateRow>({ ...STATES_OF, values });
    return rows.map(stateOf);
  }

  override async sumOfEntries(stretch: EntryStretchBounds): Promise<StretchSum> {
    const { bucket, accountId, after, through, limit } = stretch;
    const values = [bucket, accountId, after, through, limit];
    const { rows } = await this.database.pool.query<StretchSum>({ ...SUM_OF_ENTRIES, values });
    const [row] = rows;
    invariant(row !== undefined, 'a sum is always a row');
    return row;
  }
}

function stateOf(row: StateRow): AccountState {
  const { account, ...ends } = chainEndsOf(row);
  return {
    ...ends,
    currency: row.currency ?? '',
    account: account && { ...account, ...holdOf(row) },
    openReservations: row.open_reservations,
    firstExpiryAtMs: row.first_expiry_at_ms,
  };
}

function holdOf({ held, next_expiry_at_ms: nextExpiryAtMs }: StateRow): HoldState {
  invariant(held !== null, 'an account’s row is complete');
  return { held, nextExpiryAtMs };
}
