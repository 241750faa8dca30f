import { OutageError } from '@steelyard/platform/outage';
import type { DeliveryObserver, FailureReport, PublisherObserver } from './publisher-observer.js';

export interface PresenceSettings {
  /** Told when a consumer takes facts again after a time without. */
  readonly onReturn: (consumer: string) => void;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** One bucket that could not be delivered for a moment is no absence. */
const ABSENCE_MIN_MS = 1_000;

/** Knows which consumers are away, so that nobody waits for the pause of a bucket when its consumer is back. */
export class ConsumerPresence implements DeliveryObserver {
  readonly #awaySinceMs = new Map<string, number>();

  constructor(
    private readonly observer: PublisherObserver,
    private readonly settings: PresenceSettings,
  ) {}

  delivered(consumer: string, facts: number): void {
    this.observer.delivered(consumer, facts);
    const sinceMs = this.#awaySinceMs.get(consumer);
    if (sinceMs === undefined) return;
    this.#awaySinceMs.delete(consumer);
    this.observer.back(consumer);
    if (this.settings.now() - sinceMs >= ABSENCE_MIN_MS) this.settings.onReturn(consumer);
  }

  failed(report: FailureReport): void {
    const { consumer, error } = report;
    this.observer.failed(report);
    if (!(error instanceof OutageError)) return;
    this.observer.away(consumer, error);
    if (!this.#awaySinceMs.has(consumer)) this.#awaySinceMs.set(consumer, this.settings.now());
  }
}
