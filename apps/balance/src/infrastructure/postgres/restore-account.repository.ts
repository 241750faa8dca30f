import { randomBytes } from 'node:crypto';
import { GENESIS } from '@steelyard/domain/ledger-chain';
import { transactionIdOf } from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import { constraintOf, OutageError, sqlStateOf, type Pool } from '@steelyard/platform/postgres';
import {
  AccountRestorer,
  type AccountRestored,
  type NotRestored,
  type RestoreAccount,
} from '../../application/restore-account/account-restorer.port.js';
import { toMs } from './account-row.js';

/** See the function's own comment for its locks. */
const RESTORE_ACCOUNT = {
  name: 'restore_account',
  text: 'select * from balance.restore_account($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
};

/** Some tens of milliseconds under the lock of the bucket. */
const TAIL_ENTRIES_MAX = 10_000;
const WRITE_ID_BYTES = 8;

interface RestoredRow {
  fact_sequence: bigint | null;
  fact_committed_at_ms: bigint | null;
  found_balance: bigint;
  found_held: bigint;
  found_sequence: bigint;
  found_checksum: string;
  expected_balance: bigint;
  expected_held: bigint;
  expected_sequence: bigint;
  expected_checksum: string;
}

/** Restores rows with one call of balance.restore_account. */
export class RestoreAccountRepository extends AccountRestorer {
  readonly #pool: Pool;
  readonly #now: () => number;

  /** @param now milliseconds since 1970-01-01 UTC. */
  constructor(pool: Pool, now: () => number) {
    super();
    this.#pool = pool;
    this.#now = now;
  }

  async restore(request: RestoreAccount): Promise<AccountRestored | NotRestored> {
    const { accountId, bucket, proven, performedBy, reason } = request;
    const values = [
      bucket,
      accountId,
      proven.sequence,
      proven.balance,
      Buffer.from(proven.checksum === GENESIS ? '' : proven.checksum, 'hex'),
      performedBy,
      reason,
      this.#now(),
      randomBytes(WRITE_ID_BYTES).readBigInt64BE(),
      TAIL_ENTRIES_MAX,
    ];
    try {
      const { rows } = await this.#pool.query<RestoredRow>({ ...RESTORE_ACCOUNT, values });
      const [row] = rows;
      invariant(row, 'balance.restore_account returns a row');
      return restoredOf(bucket, row);
    } catch (error) {
      return refusalOf(accountId, error);
    }
  }
}

function restoredOf(bucket: number, row: RestoredRow): AccountRestored {
  const { fact_sequence: sequence, fact_committed_at_ms: committedAtMs } = row;
  return {
    kind: 'restored',
    factId:
      sequence === null || committedAtMs === null
        ? undefined
        : transactionIdOf({ bucket, sequence }, toMs(committedAtMs)),
    found: {
      balance: row.found_balance,
      held: row.found_held,
      sequence: row.found_sequence,
      checksum: row.found_checksum || GENESIS,
    },
    expected: {
      balance: row.expected_balance,
      held: row.expected_held,
      sequence: row.expected_sequence,
      checksum: row.expected_checksum || GENESIS,
    },
  };
}

/** What the function says no with; everything else is thrown. */
function refusalOf(accountId: string, error: unknown): NotRestored {
  const message = error instanceof Error ? error.message : '';
  const state = sqlStateOf(error);
  if (state === 'SY003') return { kind: 'not-restored', code: 'INTEGRITY_FAILURE', message };
  if (state === 'SY004') return { kind: 'not-restored', code: 'ACCOUNT_NOT_FOUND', message };
  if (state === 'SY005')
    throw new OutageError(`${message}: prove the chain further and ask again`, { cause: error });
  // Limits were changed past the platform as well: the ledger's balance may not stand beside them.
  if (constraintOf(error) === 'no_overdraft') {
    const advice = `what the ledger says of account ${accountId} breaks its limits: correct the limits first`;
    return { kind: 'not-restored', code: 'INTEGRITY_FAILURE', message: advice };
  }
  throw error;
}
