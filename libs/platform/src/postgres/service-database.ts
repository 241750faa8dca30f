import { OutageError } from '../outage/index.js';
import type { Pool } from './pool.js';
import type { PoolUser } from './schema-connector.js';

/** A service's connections, once there are some; until then every use is an outage. */
export class ServiceDatabase implements PoolUser {
  #pool: Pool | undefined;

  /** @param service for the message of the outage. */
  constructor(private readonly service: string) {}

  open(pool: Pool): void {
    this.#pool = pool;
  }

  /** Throws OutageError while there is no connection yet. */
  get pool(): Pool {
    if (this.#pool === undefined) throw new OutageError(`${this.service} waits for its database`);
    return this.#pool;
  }

  /** Waits for the statements that are running. */
  async close(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.end();
  }
}
