import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { TimePartitions } from '@steelyard/platform/postgres';
import type { Logger } from '@steelyard/platform/observability';

const EVERY_MS = 3_600_000;

/** A table whose partitions this app keeps. */
export interface MaintainedTable {
  readonly name: string;
  readonly partitions: TimePartitions;
  readonly retentionMs: number;
}

/** Keeps the partitions of the app's logs, when it starts and every hour; a run is not run over. */
export class MaintainPartitionsJob implements OnApplicationBootstrap, OnModuleDestroy {
  #running: Promise<void> | undefined;

  constructor(
    private readonly tables: readonly MaintainedTable[],
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    void this.run();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#running;
  }

  @Interval(EVERY_MS)
  run(): Promise<void> {
    this.#running ??= this.#maintain().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #maintain(): Promise<void> {
    for (const { name: table, partitions, retentionMs } of this.tables) {
      try {
        const run = await partitions.maintain(retentionMs);
        if (run.created + run.dropped > 0 || run.isPostponed) {
          this.logger.info({ table, ...run }, 'partitions.maintained');
        }
      } catch (error) {
        this.logger.warn({ table, error }, 'partitions.failed');
      }
    }
  }
}
