import { setTimeout as delay } from 'node:timers/promises';
import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '../observability/index.js';
import type { ReadinessCheck } from './readiness-check.js';

export interface ReadinessReport {
  readonly status: 'ready' | 'not-ready' | 'stopping';
  readonly checks: readonly { readonly name: string; readonly state: 'up' | 'down' }[];
}

/** Orchestrators ask every few seconds and give up soon. */
const CHECK_TIMEOUT_MS = 2_000;
/** What an app needs may come up after it; whoever starts them together need not hear of that. */
const START_GRACE_MS = 15_000;

export interface ReadinessTimes {
  /** A check that takes longer has failed. */
  readonly timeoutMs?: number;
  /** A check that has not passed yet is not reported as lost before this. */
  readonly startGraceMs?: number;
}

/** Runs an app's checks. Callers that ask at the same time share one run. */
export class Readiness implements OnModuleDestroy, OnApplicationShutdown {
  readonly #checks: readonly ReadinessCheck[];
  readonly #logger: Logger | undefined;
  readonly #timeoutMs: number;
  readonly #startGraceEndsAtMs: number;
  readonly #passed = new Set<string>();
  readonly #down = new Set<string>();
  #running: Promise<ReadinessReport> | undefined;
  #stopping = false;

  constructor(checks: readonly ReadinessCheck[], logger?: Logger, times: ReadinessTimes = {}) {
    this.#checks = checks;
    this.#logger = logger;
    this.#timeoutMs = times.timeoutMs ?? CHECK_TIMEOUT_MS;
    this.#startGraceEndsAtMs = performance.now() + (times.startGraceMs ?? START_GRACE_MS);
  }

  /** The state of each check now. Never rejects. */
  report(): Promise<ReadinessReport> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Nest calls it when shutdown begins: from now on the app is not to be sent anything. */
  onModuleDestroy(): void {
    this.#stopping = true;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#checks.map((check) => check.close()));
  }

  async #run(): Promise<ReadinessReport> {
    const checks = await Promise.all(
      this.#checks.map(async (check) => ({ name: check.name, state: await this.#stateOf(check) })),
    );
    if (this.#stopping) return { status: 'stopping', checks };
    return { status: checks.every(({ state }) => state === 'up') ? 'ready' : 'not-ready', checks };
  }

  async #stateOf(check: ReadinessCheck): Promise<'up' | 'down'> {
    try {
      await within(check.check(), this.#timeoutMs);
      this.#passed.add(check.name);
      if (this.#down.delete(check.name)) this.#logger?.info({ check: check.name }, 'readiness.regained');
      return 'up';
    } catch (error) {
      this.#reportLost(check.name, error);
      return 'down';
    }
  }

  /** When it changes, not each time that somebody asks. */
  #reportLost(name: string, error: unknown): void {
    const isStarting = !this.#passed.has(name) && performance.now() < this.#startGraceEndsAtMs;
    if (isStarting || this.#down.has(name)) return;
    this.#down.add(name);
    this.#logger?.warn({ check: name, error }, 'readiness.lost');
  }
}

async function within(work: Promise<void>, timeoutMs: number): Promise<void> {
  const done = new AbortController();
  try {
    const tooLate = delay(timeoutMs, undefined, { signal: done.signal });
    await Promise.race([
      work,
      tooLate.then(() => Promise.reject(new Error(`no answer within ${timeoutMs} ms`))),
    ]);
  } finally {
    done.abort();
  }
}
