import { Counter, Gauge, type Registry } from 'prom-client';
import type { Publication } from '../application/publishing/publish-checkpoints.handler.js';
import type { Sealed } from '../application/sealing/seal.handler.js';
import type { SealWalkContinued } from '../application/verify-seals/continue-seal-walk.handler.js';

const MS_PER_SECOND = 1_000;

/** What this process sealed, published and verified of seals. */
export class SealingMetrics {
  private readonly seals: Counter;
  private readonly entries: Counter;
  private readonly facts: Counter;
  private readonly lag: Gauge;
  private readonly sealedAt: Gauge;
  private readonly published: Counter;
  private readonly publicationFailures: Counter;
  private readonly verifiedEntries: Counter;
  private readonly faults: Counter;

  constructor(registry: Registry) {
    const counter = (name: string, help: string): Counter =>
      new Counter({ name, help, registers: [registry] });
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
    const withTarget = (name: string, help: string): Counter =>
      new Counter({ name, help, labelNames: ['target'], registers: [registry] });
    this.seals = counter('ledger_seals_total', 'Seals that were made');
    this.entries = counter('ledger_sealed_entries_total', 'Entries that were sealed');
    this.facts = counter('ledger_sealed_facts_total', 'Facts that were sealed');
    this.lag = gauge('ledger_seal_lag_facts', 'Committed facts that no seal holds, after the last run');
    this.sealedAt = gauge('ledger_last_seal_timestamp_seconds', 'When this process made its last seal');
    this.published = withTarget(
      'ledger_checkpoints_published_total',
      'Checkpoints that a place outside took',
    );
    this.publicationFailures = withTarget(
      'ledger_checkpoint_publication_failures_total',
      'Runs in which a place outside did not take a checkpoint, or contradicted it',
    );
    this.verifiedEntries = counter(
      'ledger_seal_verified_entries_total',
      'Entries that were compared with their seal in the background',
    );
    this.faults = counter('ledger_seal_faults_total', 'Differences found between seals and the ledger');
  }

  sealed({ isMine, seal, factsUnsealed }: Sealed): void {
    if (!isMine) return;
    this.lag.set(Number(factsUnsealed));
    if (seal === undefined) return;
    this.seals.inc();
    // A seal has far fewer than a double counts exactly.
    this.entries.inc(Number(seal.entries));
    this.facts.inc(Number(seal.facts));
    this.sealedAt.set(seal.sealedAtMs / MS_PER_SECOND);
  }

  publication({ target, published, conflict, failure }: Publication): void {
    this.published.inc({ target: target.kind }, published);
    if (conflict !== undefined || failure !== undefined)
      this.publicationFailures.inc({ target: target.kind });
  }

  verified({ entriesChecked, faults }: SealWalkContinued): void {
    this.verifiedEntries.inc(Number(entriesChecked));
    this.faults.inc(faults.length);
  }
}
