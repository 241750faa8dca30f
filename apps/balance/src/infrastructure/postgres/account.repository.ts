import type { Account } from '@steelyard/domain/accounts';
import type { AccountRef } from '@steelyard/domain/posting';
import type { Pool } from '@steelyard/platform/postgres';
import { Accounts } from '../../application/read-accounts/read-accounts.handler.js';
import { accountOfRow, type AccountRow } from './account-row.js';
import { READ_ACCOUNTS_BY_CLOCK, READ_ACCOUNTS_OF_HOLDER } from './account.sql.js';
import { plainArray, textArray } from './array-literal.js';

/** Accounts as they are by the clock: what holds no more is not counted as held, whoever has noticed. */
export class AccountRepository extends Accounts {
  readonly #pool: Pool;
  readonly #now: () => number;

  /** @param now milliseconds since 1970-01-01 UTC. */
  constructor(pool: Pool, now: () => number) {
    super();
    this.#pool = pool;
    this.#now = now;
  }

  async find(refs: readonly AccountRef[]): Promise<readonly Account[]> {
    const values = [
      this.#now(),
      plainArray(refs.map((ref) => ref.bucket)),
      textArray(refs.map((ref) => ref.accountId)),
    ];
    const { rows } = await this.#pool.query<AccountRow>({ ...READ_ACCOUNTS_BY_CLOCK, values });
    return rows.map(accountOfRow);
  }

  async findByHolder(holderId: string): Promise<readonly Account[]> {
    const values = [this.#now(), holderId];
    const { rows } = await this.#pool.query<AccountRow>({ ...READ_ACCOUNTS_OF_HOLDER, values });
    return rows.map(accountOfRow);
  }
}
