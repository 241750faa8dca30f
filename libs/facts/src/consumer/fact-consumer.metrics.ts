import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { InboxOutcome } from '../inbox/index.js';

/** From a commit to its application: a push takes milliseconds, a restart seconds, an outage minutes. */
const DELAY_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];
const MS_PER_SECOND = 1_000;

/** What this process does with facts. */
export class FactConsumerMetrics {
  private readonly applied: Counter;
  private readonly duplicates: Counter;
  private readonly failures: Counter;
  private readonly buried: Counter;
  private readonly deadLetters: Gauge;
  private readonly pulled: Counter;
  private readonly foreign: Counter;
  private readonly delay: Histogram;
  private readonly behind: Gauge;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.applied = counter('facts_applied_total', 'Facts that took effect');
    this.duplicates = counter('facts_duplicate_total', 'Facts that came again and were skipped');
    this.failures = counter(
      'facts_failed_total',
      'Attempts to apply a fact that failed and will be repeated',
    );
    this.buried = counter(
      'facts_buried_total',
      'Facts that a handler could not apply and that were stepped over',
    );
    this.pulled = counter('facts_pulled_total', 'Facts that were read from the balance app to close a gap');
    this.foreign = counter(
      'facts_foreign_total',
      'Messages of the stream that are not of this deployment and were dropped',
    );
    this.deadLetters = new Gauge({
      name: 'facts_dead_letters',
      help: 'Facts that were stepped over and are not applied yet, as last counted',
      registers,
    });
    this.delay = new Histogram({
      name: 'facts_application_delay_seconds',
      help: 'From the commit of a fact to its application; of each batch the oldest',
      buckets: DELAY_BUCKETS_SECONDS,
      registers,
    });
    this.behind = new Gauge({
      name: 'facts_behind',
      help: 'Facts of all buckets that are committed and not applied, as last compared',
      registers,
    });
  }

  record(outcome: InboxOutcome, nowMs: number): void {
    this.applied.inc(outcome.applied.length);
    this.duplicates.inc(outcome.duplicates);
    this.buried.inc(outcome.buried.length);
    if (outcome.obstacle?.reason === 'failing' && outcome.obstacle.failure) this.failures.inc();
    const [oldest] = outcome.applied;
    if (oldest === undefined) return;
    this.delay.observe(Math.max(0, nowMs - Number(oldest.committedAtMs)) / MS_PER_SECOND);
  }

  countPulled(facts: number): void {
    this.pulled.inc(facts);
  }

  countForeign(): void {
    this.foreign.inc();
  }

  setDeadLetters(letters: bigint): void {
    this.deadLetters.set(Number(letters));
  }

  setBehind(facts: bigint): void {
    this.behind.set(Number(facts));
  }
}
