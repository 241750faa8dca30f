import type { Answer, Inflation } from '@steelyard/domain/posting';
import type { OutageError } from '@steelyard/platform/outage';
import {
  PostgresPostingStorage,
  type StorageOptions,
} from '../../src/infrastructure/postgres/postgres-posting-storage.js';
import type { PostingStorage } from '../../src/application/posting-engine/posting-storage.port.js';
import type { EngineObserver } from '../../src/application/posting-engine/batch-writer.js';
import {
  PostingEngine,
  type EngineOptions,
  type Submission,
} from '../../src/application/posting-engine/posting-engine.js';
import { TEST_CONTEXT } from './decider.js';
import type { Connections } from './use-balance-database.js';

const DAY_MS = 86_400_000;
const DEFAULTS: EngineOptions = {
  lanes: 1,
  limits: { commandsMax: 500, bytesMax: 1024 * 1024 },
  // Overlap whenever there is something to overlap with: that is where the races are.
  overlapCommandsMin: 1,
  // Of callers that wait as long as it takes; tests of the deadline have a short one.
  deadlineMs: 3_600_000,
  queueCommandsMax: 50_000,
  cacheEntriesMax: 100_000,
  now: Date.now,
};

/** What an engine told about its work. */
export class RecordingObserver implements EngineObserver {
  /** Commands of each committed batch. */
  readonly batches: { readonly commands: number; readonly isCautious: boolean }[] = [];
  readonly staleReasons: string[] = [];
  readonly inflations: Inflation[] = [];
  readonly outages: OutageError[] = [];
  readonly failures: Error[] = [];

  committed({ commands, isCautious }: Parameters<EngineObserver['committed']>[0]): void {
    this.batches.push({ commands, isCautious });
  }

  stale(reason: string): void {
    this.staleReasons.push(reason);
  }

  inflated(inflation: Inflation): void {
    this.inflations.push(inflation);
  }

  outage(error: OutageError): void {
    this.outages.push(error);
  }

  failed(error: Error): void {
    this.failures.push(error);
  }
}

export interface TestEngine {
  readonly engine: PostingEngine;
  readonly observer: RecordingObserver;
  /** Executes one request of several commands. */
  readonly execute: (...submissions: Submission[]) => Promise<Answer[]>;
}

/** An engine over PostgreSQL, as one process of the app has it. */
export function testEngine(connections: Connections, options: Partial<EngineOptions> = {}): TestEngine {
  return engineOver(testStorage(connections), options);
}

/** An engine over a storage that the test has made. */
export function engineOver(storage: PostingStorage, options: Partial<EngineOptions> = {}): TestEngine {
  const observer = new RecordingObserver();
  const engine = new PostingEngine(storage, TEST_CONTEXT, { ...DEFAULTS, ...options }, observer);
  return { engine, observer, execute: (...submissions) => engine.execute(submissions) };
}

export function testStorage({ pool, writers }: Connections): PostgresPostingStorage {
  return new PostgresPostingStorage(pool, writers, STORAGE_OPTIONS);
}

export const STORAGE_OPTIONS: StorageOptions = { idempotencyTtlMs: DAY_MS, now: Date.now };

/** What the engine must have done before it trusts its memory: its first batches go under lock. */
export async function warmUp({ engine, observer }: TestEngine, one: () => Submission): Promise<void> {
  while (observer.batches.at(-1)?.isCautious !== false) await engine.execute([one()]);
}
