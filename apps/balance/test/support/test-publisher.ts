import { randomUUID } from 'node:crypto';
import { FactPublisher } from '../../src/application/publish-facts/fact-publisher.js';
import type { FactSink } from '../../src/application/publish-facts/fact-sink.port.js';
import type {
  FailureReport,
  PublisherObserver,
} from '../../src/application/publish-facts/publisher-observer.js';
import { FactPositionsRepository } from '../../src/infrastructure/postgres/fact-positions.repository.js';
import { FactTailRepository } from '../../src/infrastructure/postgres/fact-tail.repository.js';
import { SharedFactTail } from '../../src/infrastructure/postgres/shared-fact-tail.js';
import type { Connections } from './use-balance-database.js';

/** What a publisher told. */
export class RecordingPublisherObserver implements PublisherObserver {
  readonly failures: FailureReport[] = [];
  readonly events: string[] = [];
  readonly interruptions: unknown[] = [];
  facts = 0;
  /** How often it has looked for what is due. */
  rounds = 0;

  delivered(_consumer: string, facts: number): void {
    this.facts += facts;
  }

  failed(report: FailureReport): void {
    this.failures.push(report);
  }

  away(consumer: string): void {
    if (this.events.at(-1) !== `${consumer} away`) this.events.push(`${consumer} away`);
  }

  back(consumer: string): void {
    this.events.push(`${consumer} back`);
  }

  interrupted(error: unknown): void {
    this.interruptions.push(error);
  }

  resumed(): void {
    this.rounds += 1;
  }
}

export interface TestPublisher {
  readonly publisher: FactPublisher;
  readonly observer: RecordingPublisherObserver;
  readonly positions: FactPositionsRepository;
  readonly owner: string;
}

export interface TestPublisherOptions {
  readonly leaseMs?: number;
  readonly attemptMaxMs?: number;
  readonly pollIntervalMs?: number;
  readonly keepLeasesMs?: number;
}

/** Longer than any stall of a busy machine: who has a lease keeps it, unless a test is about losing it. */
const LEASE_MS = 600_000;

/** A publisher over PostgreSQL, as one process of the app has it. */
export function testPublisher(
  { pool }: Pick<Connections, 'pool'>,
  sinks: readonly FactSink[],
  options: TestPublisherOptions = {},
): TestPublisher {
  const { leaseMs = LEASE_MS, attemptMaxMs = 1_000, pollIntervalMs = 20, keepLeasesMs = 2_000 } = options;
  const observer = new RecordingPublisherObserver();
  const owner = randomUUID();
  const onLogFailed = (error: unknown): void => void observer.interruptions.push(error);
  const positions = new FactPositionsRepository(pool, { owner, leaseMs, attemptMaxMs, onLogFailed });
  const tail = new SharedFactTail(new FactTailRepository(pool));
  const publisher = new FactPublisher(
    { tail, positions, sinks, observer },
    { pollIntervalMs, keepLeasesMs, now: Date.now },
  );
  return { publisher, observer, positions, owner };
}
