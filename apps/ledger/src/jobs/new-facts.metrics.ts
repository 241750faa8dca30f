import { Counter, Gauge, type Registry } from 'prom-client';
import type { NewFactsSummary } from '../application/verify-new-facts/new-facts.port.js';
import type { NewFactsVerified } from '../application/verify-new-facts/verify-new-facts.handler.js';

const MS_PER_SECOND = 1_000;

/** What this process verified of new facts, and how far the whole ledger is. */
export class NewFactsMetrics {
  private readonly facts: Counter;
  private readonly entries: Counter;
  private readonly unverified: Gauge;
  private readonly verifiedUpTo: Gauge;
  private readonly openIncidents: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
    const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
    this.facts = counter('ledger_new_facts_verified_total', 'Facts that were verified as they came in');
    this.entries = counter('ledger_new_entries_verified_total', 'Entries that were verified as they came in');
    this.unverified = gauge('ledger_facts_unverified', 'Committed facts that are not verified yet');
    this.verifiedUpTo = gauge(
      'ledger_new_facts_verified_up_to_seconds',
      'Every fact committed at or before this time is verified',
    );
    this.openIncidents = gauge('ledger_incidents_open', 'Incidents that are not resolved');
  }

  verified({ facts, entries }: NewFactsVerified): void {
    // A piece has far fewer than a double counts exactly.
    this.facts.inc(Number(facts));
    this.entries.inc(Number(entries));
  }

  state({ factsUnverified, verifiedUpToMs }: NewFactsSummary, openIncidents: bigint): void {
    this.unverified.set(Number(factsUnverified));
    if (verifiedUpToMs !== undefined) this.verifiedUpTo.set(Number(verifiedUpToMs) / MS_PER_SECOND);
    this.openIncidents.set(Number(openIncidents));
  }
}
