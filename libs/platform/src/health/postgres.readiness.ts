import type { Pool } from '../postgres/index.js';
import { ReadinessCheck } from './readiness-check.js';

/** PostgreSQL answers a statement. The pool stays its owner's. */
export class PostgresReadiness extends ReadinessCheck {
  override readonly name = 'postgres';
  readonly #pool: Pool;

  constructor(pool: Pool) {
    super();
    this.#pool = pool;
  }

  override async check(): Promise<void> {
    await this.#pool.query('select 1');
  }
}
