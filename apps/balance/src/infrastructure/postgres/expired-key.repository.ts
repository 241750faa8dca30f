import type { Pool } from '@steelyard/platform/postgres';
import { ExpiredKeys } from '../../application/purge-expired-keys/purge-expired-keys.handler.js';

/**
 * Index: the BRIN on expires_at_ms finds the pages, since rows come in order of time. Locks: the deleted rows; a
 * replica that is after the same ones waits and then finds nothing to do.
 */
const DELETE_EXPIRED = {
  name: 'delete_expired_keys',
  text: `delete from balance.idempotency
         where ctid = any (array(select ctid from balance.idempotency where expires_at_ms < $1 limit $2))
           and expires_at_ms < $1`,
};

export class ExpiredKeyRepository extends ExpiredKeys {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  async deleteBefore(nowMs: number, limit: number): Promise<number> {
    const { rowCount } = await this.#pool.query({ ...DELETE_EXPIRED, values: [nowMs, limit] });
    return rowCount ?? 0;
  }
}
