import { GENESIS } from '@steelyard/domain/ledger-chain';
import { invariant } from '@steelyard/domain/result';
import {
  AccountStateReads,
  type AccountState,
  type StoredState,
} from '../../application/reconciliation/account-state.port.js';
import { STATES_AFTER, STATES_OF, SUM_OF_ENTRIES } from './account-state.sql.js';
import { checksumOfHex } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';

interface StateRow {
  readonly bucket: number;
  readonly account_id: string;
  readonly has_row: boolean;
  readonly currency: string | null;
  readonly balance: bigint | null;
  readonly held: bigint | null;
  readonly next_expiry_at_ms: bigint | null;
  readonly sequence: bigint | null;
  readonly checksum: string | null;
  readonly last_sequence: bigint;
  readonly last_balance: bigint;
  readonly last_checksum: string | null;
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

  override async sumOfEntries(bucket: number, accountId: string, throughSequence: bigint): Promise<bigint> {
    const values = [bucket, accountId, throughSequence];
    const { rows } = await this.database.pool.query<{ sum: bigint }>({ ...SUM_OF_ENTRIES, values });
    return rows[0]?.sum ?? 0n;
  }
}

function stateOf(row: StateRow): AccountState {
  return {
    bucket: row.bucket,
    accountId: row.account_id,
    currency: row.currency ?? '',
    stored: row.has_row ? storedOf(row) : undefined,
    last: {
      sequence: row.last_sequence,
      balance: row.last_balance,
      checksum: checksumOfHex(row.last_checksum, GENESIS),
    },
    openReservations: row.open_reservations,
    firstExpiryAtMs: row.first_expiry_at_ms,
  };
}

function storedOf({
  balance,
  held,
  sequence,
  checksum,
  next_expiry_at_ms: nextExpiryAtMs,
}: StateRow): StoredState {
  invariant(balance !== null && held !== null && sequence !== null, 'an account’s row is complete');
  return { balance, held, sequence, checksum: checksumOfHex(checksum, GENESIS), nextExpiryAtMs };
}
