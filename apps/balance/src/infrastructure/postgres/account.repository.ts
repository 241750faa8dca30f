import type { Account } from '@steelyard/domain/accounts';
import type { AccountRef } from '@steelyard/domain/posting';
import type { Pool } from '@steelyard/platform/postgres';
import { Accounts } from '../../application/read-accounts/read-accounts.handler.js';
import { accountOfRow, type AccountRow } from './account-row.js';
import { plainArray, textArray } from './array-literal.js';
import { READ_ACCOUNTS, READ_ACCOUNTS_OF_HOLDER } from './posting.sql.js';

export class AccountRepository extends Accounts {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  async find(refs: readonly AccountRef[]): Promise<readonly Account[]> {
    const values = [plainArray(refs.map((ref) => ref.bucket)), textArray(refs.map((ref) => ref.accountId))];
    const { rows } = await this.#pool.query<AccountRow>({ ...READ_ACCOUNTS, values });
    return rows.map(accountOfRow);
  }

  async findByHolder(holderId: string): Promise<readonly Account[]> {
    const { rows } = await this.#pool.query<AccountRow>({ ...READ_ACCOUNTS_OF_HOLDER, values: [holderId] });
    return rows.map(accountOfRow);
  }
}
