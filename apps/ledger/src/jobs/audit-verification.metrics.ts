import { Counter, Gauge, type Registry } from 'prom-client';
import type { AuditWalkContinued } from '../application/audit/continue-audit-walk.handler.js';

const MS_PER_SECOND = 1_000;

/** What this process verified of the audit trail, and how much of it nobody has verified yet. */
export class AuditVerificationMetrics {
  private readonly newRecords: Counter;
  private readonly records: Counter;
  private readonly faults: Counter;
  private readonly rounds: Counter;
  private readonly completedAt: Gauge;
  private readonly unverified: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
    this.newRecords = counter(
      'ledger_audit_new_records_verified_total',
      'Audit records that were verified as they came in',
    );
    this.records = counter(
      'ledger_audit_records_verified_total',
      'Audit records that were verified by the walk over the whole trail',
    );
    this.faults = counter('ledger_audit_faults_total', 'Audit records that were found wrong, each time');
    this.rounds = counter('ledger_audit_walks_completed_total', 'Complete walks over the whole audit trail');
    this.completedAt = gauge(
      'ledger_audit_walk_completed_timestamp_seconds',
      'When this process completed a walk over the whole audit trail',
    );
    this.unverified = gauge(
      'ledger_audit_records_unverified',
      'Audit records that were not verified since they came in',
    );
  }

  /** @param nowMs milliseconds since 1970-01-01 UTC. */
  verified(step: AuditWalkContinued, nowMs: number): void {
    this.newRecords.inc(step.newRecordsChecked);
    this.records.inc(step.recordsChecked);
    this.faults.inc(step.faults.length);
    if (!step.isRoundComplete) return;
    this.rounds.inc();
    this.completedAt.set(nowMs / MS_PER_SECOND);
  }

  state(recordsUnverified: bigint): void {
    this.unverified.set(Number(recordsUnverified));
  }
}
