import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Logger } from '@steelyard/platform/observability';
import type { HeadWatch } from '../application/read-accounts/head-watch.js';
import type { PostingStorage } from '../application/posting-engine/posting-storage.port.js';

const NAME = 'watch-heads';

export interface HeadWatchSchedule {
  readonly intervalMs: number;
  /** Number of buckets of the deployment. */
  readonly buckets: number;
  readonly registry: SchedulerRegistry;
}

export interface WatchedHeads {
  readonly watch: HeadWatch;
  readonly storage: Pick<PostingStorage, 'heads'>;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** Looks at all heads at its interval: one statement that reads some tens of short rows. */
export class WatchHeadsJob implements OnApplicationBootstrap, OnModuleDestroy {
  #running: Promise<void> | undefined;
  #isFailing = false;

  constructor(
    private readonly watched: WatchedHeads,
    private readonly schedule: HeadWatchSchedule,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { intervalMs, registry } = this.schedule;
    // Registered, so that the scheduler ends it with the jobs that it makes itself.
    registry.addInterval(
      NAME,
      setInterval(() => void this.run(), intervalMs),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.#running;
  }

  run(): Promise<void> {
    this.#running ??= this.#look().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #look(): Promise<void> {
    const { watch, storage, now } = this.watched;
    const beganAtMs = now();
    try {
      const buckets = Array.from({ length: this.schedule.buckets }, (_, bucket) => bucket);
      watch.lookedAtAll(await storage.heads(buckets), beganAtMs);
      this.#isFailing = false;
    } catch (error) {
      // Meanwhile nothing is answered from memory; of an outage that lasts the first failure says it all.
      if (!this.#isFailing) this.logger.warn({ error }, 'account-cache.watch.failed');
      this.#isFailing = true;
    }
  }
}
