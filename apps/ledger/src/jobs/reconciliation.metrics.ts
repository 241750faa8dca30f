import { Counter, Gauge, type Registry } from 'prom-client';
import type { ReconciliationStep } from '../application/continue-reconciliation/continue-reconciliation.handler.js';

/** What the background reconciliation has done in this process. */
export class ReconciliationMetrics {
  private readonly accounts: Counter;
  private readonly drifted: Counter;
  private readonly repaired: Counter;
  private readonly unrepaired: Counter;
  private readonly rounds: Counter;
  private readonly completedAt: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    this.accounts = new Counter({
      name: 'ledger_reconciled_accounts_total',
      help: 'Accounts that were compared with the ledger in the background',
      registers,
    });
    this.drifted = new Counter({
      name: 'ledger_drift_found_total',
      help: 'Accounts whose stored balance, hold or last entry was not what the ledger says',
      registers,
    });
    this.repaired = new Counter({
      name: 'ledger_drift_repaired_total',
      help: 'Accounts that were restored to the ledger in the background',
      registers,
    });
    this.unrepaired = new Counter({
      name: 'ledger_drift_unrepaired_total',
      help: 'Attempts to restore a drifted account that did not succeed',
      registers,
    });
    this.rounds = new Counter({
      name: 'ledger_reconciliation_rounds_total',
      help: 'Complete rounds over all accounts',
      registers,
    });
    this.completedAt = new Gauge({
      name: 'ledger_reconciliation_completed_timestamp_seconds',
      help: 'When this process last completed a round over all accounts',
      registers,
    });
  }

  /** @param nowMs milliseconds since 1970-01-01 UTC. */
  count(step: ReconciliationStep, nowMs: number): void {
    this.accounts.inc(step.accountsChecked);
    this.drifted.inc(step.drifted);
    this.repaired.inc(step.repaired);
    this.unrepaired.inc(step.unrepaired);
    if (!step.isRoundComplete) return;
    this.rounds.inc();
    this.completedAt.set(nowMs / 1_000);
  }
}
