import type { Pool } from '@steelyard/platform/postgres';
import { DueAccounts } from '../../application/expire-reservations/expire-reservations.handler.js';
import { FIND_DUE_ACCOUNTS } from './reservation.sql.js';

export class DueAccountRepository extends DueAccounts {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  async find(nowMs: number, limit: number): Promise<readonly string[]> {
    const values = [nowMs, limit];
    const { rows } = await this.#pool.query<{ account_id: string }>({ ...FIND_DUE_ACCOUNTS, values });
    return rows.map((row) => row.account_id);
  }
}
