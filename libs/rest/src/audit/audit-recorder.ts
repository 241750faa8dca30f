import type { auditV1 } from '@steelyard/contracts/grpc';
import { OutageLog, type Logger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/outage';
import { TurnBatcher } from '../balance/turn-batcher.js';
import type { AuditOutbox } from './audit-outbox.port.js';

/** What happens to an event while the outbox cannot be reached. */
export const AUDIT_OUTAGE_POLICIES = ['defer', 'refuse'] as const;
export type AuditOutagePolicy = (typeof AUDIT_OUTAGE_POLICIES)[number];

const LIMITS = {
  countMax: 1_000,
  bytesMax: Number.MAX_SAFE_INTEGER,
  inFlightMax: 2,
  waitingMax: 10_000,
  waitMaxMs: 5_000,
};
/** Some megabytes. */
const DEFERRED_MAX = 10_000;

/**
 * Keeps what happens at the edge, before it is answered: all events of one turn of the event loop with one insert.
 *
 * While the outbox is away, `defer` keeps events in memory, at most so many, and a log line each, until it is back;
 * `refuse` throws, so that what would be recorded does not happen.
 */
export class AuditRecorder {
  readonly #outbox: AuditOutbox;
  readonly #policy: AuditOutagePolicy;
  readonly #logger: Logger;
  readonly #outages: OutageLog;
  readonly #batcher: TurnBatcher<auditV1.AuditEvent, true>;
  #deferred: auditV1.AuditEvent[] = [];
  #isAway = false;

  constructor(outbox: AuditOutbox, policy: AuditOutagePolicy, logger: Logger) {
    this.#outbox = outbox;
    this.#policy = policy;
    this.#logger = logger;
    this.#outages = new OutageLog(logger, 'audit-outbox', 'audit');
    this.#batcher = new TurnBatcher<auditV1.AuditEvent, true>({
      limits: LIMITS,
      send: (events) => this.#keep(events),
      bytesOf: () => 0,
      overloaded: () => new OutageError('too many events are waiting for the audit outbox'),
      now: Date.now,
    });
  }

  /** @throws OutageError when the event could neither be kept nor deferred: what it tells of must not happen. */
  async record(event: auditV1.AuditEvent): Promise<void> {
    await this.#batcher.submit(event);
  }

  /** Keeps what was deferred, if anything was. @throws OutageError while the outbox is still away. */
  async flush(): Promise<void> {
    while (this.#deferred.length > 0) {
      const events = this.#deferred.slice(0, LIMITS.countMax);
      await this.#outbox.add(events);
      // New ones are deferred behind them.
      this.#deferred = this.#deferred.slice(events.length);
    }
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#outages.regained();
  }

  async #keep(events: readonly auditV1.AuditEvent[]): Promise<readonly true[]> {
    try {
      // Until a flush succeeds nobody waits for a database that does not answer.
      if (this.#isAway && this.#policy === 'defer') this.#defer(events);
      else await this.#outbox.add(events);
    } catch (error) {
      if (!(error instanceof OutageError) || this.#policy === 'refuse') throw error;
      if (!this.#isAway) {
        this.#isAway = true;
        this.#outages.lost(error);
      }
      this.#defer(events);
    }
    return events.map(() => true);
  }

  #defer(events: readonly auditV1.AuditEvent[]): void {
    if (this.#deferred.length + events.length > DEFERRED_MAX) {
      throw new OutageError('too many events wait for the audit outbox to come back');
    }
    this.#deferred.push(...events);
    for (const { eventId, action, accountId, performedBy, correlationId } of events) {
      // If this process dies before the outbox is back, this line is what is left.
      this.#logger.warn({ eventId, action, accountId, performedBy, correlationId }, 'audit.deferred');
    }
  }
}
