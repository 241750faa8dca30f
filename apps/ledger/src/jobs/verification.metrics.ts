import { Counter, type Registry } from 'prom-client';
import type { WalkContinued } from '../application/continue-walk/continue-walk.handler.js';

/** What the background walk has done in this process. */
export class VerificationMetrics {
  private readonly accounts: Counter;
  private readonly entries: Counter;
  private readonly failures: Counter;
  private readonly walks: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.accounts = new Counter({
      name: 'ledger_verified_accounts_total',
      help: 'Chains that were verified in the background',
      registers,
    });
    this.entries = new Counter({
      name: 'ledger_verified_entries_total',
      help: 'Entries that were verified in the background',
      registers,
    });
    this.failures = new Counter({
      name: 'ledger_integrity_failures_total',
      help: 'Faults that verification found',
      registers,
    });
    this.walks = new Counter({
      name: 'ledger_walks_completed_total',
      help: 'Complete walks over the whole ledger',
      registers,
    });
  }

  count(step: WalkContinued): void {
    this.accounts.inc(step.accountsChecked);
    // A piece has far fewer entries than a double counts exactly.
    this.entries.inc(Number(step.entriesChecked));
    this.failures.inc(step.findings.length);
    if (step.isWalkComplete) this.walks.inc();
  }
}
