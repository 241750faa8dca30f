import type { PotRef } from '@steelyard/domain/posting';
import type { Pot } from '@steelyard/domain/tables';
import type { Pool } from '@steelyard/platform/postgres';
import { Pots } from '../../application/read-tables/read-tables.handler.js';
import { potOfRow, type PotRow } from './pot-row.js';
import { READ_POT } from './pot.sql.js';

/** Pots of hands; the table itself is an account. */
export class PotRepository extends Pots {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  async find({ bucket, tableId, handId }: PotRef): Promise<Pot | undefined> {
    const { rows } = await this.#pool.query<PotRow>({ ...READ_POT, values: [bucket, tableId, handId] });
    return rows.map(potOfRow)[0];
  }
}
