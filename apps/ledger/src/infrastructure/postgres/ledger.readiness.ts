import { ReadinessCheck } from '@steelyard/platform/health';
import type { LedgerDatabase } from './ledger-database.js';

/** The ledger exists, and PostgreSQL answers. */
export class LedgerReadiness extends ReadinessCheck {
  override readonly name = 'ledger';

  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async check(): Promise<void> {
    await this.database.pool.query('select 1');
  }
}
