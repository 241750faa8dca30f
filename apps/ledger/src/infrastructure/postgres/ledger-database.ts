import { OutageError, type Pool } from '@steelyard/platform/postgres';
import { Deployment } from '../../application/deployment.port.js';

/** The ledger's connections, once the balance app has created what they read; until then every use is an outage. */
export class LedgerDatabase extends Deployment {
  private opened: { readonly pool: Pool; readonly buckets: number } | undefined;

  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  /** The pool's owner is this object from now on. */
  open(pool: Pool, buckets: number): void {
    this.opened = { pool, buckets };
  }

  /** Throws OutageError while the deployment does not exist yet. */
  get pool(): Pool {
    return this.use().pool;
  }

  override buckets(): number {
    return this.use().buckets;
  }

  /** Waits for the statements that are running. */
  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.pool.end();
  }

  private use(): { readonly pool: Pool; readonly buckets: number } {
    if (this.opened === undefined) throw new OutageError('the ledger waits for the balance app to create it');
    return this.opened;
  }
}
