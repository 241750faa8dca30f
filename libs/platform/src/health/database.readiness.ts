import type { Pool } from '../postgres/index.js';
import { ReadinessCheck } from './readiness-check.js';

/** A service has its connections, and PostgreSQL answers on one. They stay their owner's. */
export class DatabaseReadiness extends ReadinessCheck {
  override readonly name = 'postgres';
  readonly #database: { readonly pool: Pool };

  /** @param database whose pool throws while there is none. */
  constructor(database: { readonly pool: Pool }) {
    super();
    this.#database = database;
  }

  override async check(): Promise<void> {
    await this.#database.pool.query('select 1');
  }
}
