import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Logger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/outage';

export interface IntervalJobSettings {
  /** Of the job in the scheduler, and the beginning of its events in the log. */
  readonly name: string;
  readonly intervalMs: number;
  /** One piece of work; the next begins with the first interval after it has ended. */
  readonly work: () => Promise<void>;
}

/** Work that is done in pieces in the background, as long as the app runs. */
export class IntervalJob implements OnApplicationBootstrap, OnModuleDestroy {
  private running: Promise<void> | undefined;

  constructor(
    private readonly settings: IntervalJobSettings,
    private readonly scheduler: SchedulerRegistry,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { name, intervalMs } = this.settings;
    this.scheduler.addInterval(
      name,
      setInterval(() => this.tick(), intervalMs),
    );
  }

  /** Lets the piece under way end, so that its progress is kept. */
  async onModuleDestroy(): Promise<void> {
    const { name } = this.settings;
    if (this.scheduler.doesExist('interval', name)) this.scheduler.deleteInterval(name);
    await this.running;
  }

  private tick(): void {
    this.running ??= this.piece().finally(() => (this.running = undefined));
  }

  private async piece(): Promise<void> {
    const { name, work } = this.settings;
    try {
      await work();
    } catch (error) {
      // An outage is reported by readiness already; the work goes on where it was.
      if (error instanceof OutageError) this.logger.debug({ error }, `${name}.waiting`);
      else this.logger.error({ error }, `${name}.failed`);
    }
  }
}
