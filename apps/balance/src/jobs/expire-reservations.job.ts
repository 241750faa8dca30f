import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Logger } from '@steelyard/platform/observability';
import type { ExpireReservationsHandler } from '../application/expire-reservations/expire-reservations.handler.js';

const NAME = 'expire-reservations';

export interface SweepSchedule {
  /** 0: never. */
  readonly intervalMs: number;
  readonly registry: SchedulerRegistry;
}

/** Runs the sweep at its interval; one that is still running is not run over. */
export class ExpireReservationsJob implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #isFailing = false;

  constructor(
    private readonly handler: ExpireReservationsHandler,
    private readonly schedule: SweepSchedule,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { intervalMs, registry } = this.schedule;
    if (intervalMs === 0) return;
    // Registered, so that the scheduler ends it with the jobs that it makes itself.
    registry.addInterval(
      NAME,
      setInterval(() => void this.run(), intervalMs),
    );
  }

  /** A sweep under way ends with its round: what it has sent to the engine is still answered. */
  async onModuleDestroy(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  run(): Promise<void> {
    this.#running ??= this.#sweep().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #sweep(): Promise<void> {
    try {
      const accounts = await this.handler.execute(this.#stop.signal);
      if (accounts > 0) this.logger.info({ accounts }, 'reservations.expired');
      if (this.#isFailing) this.logger.info('reservations.expiry.recovered');
      this.#isFailing = false;
    } catch (error) {
      // Of an outage that lasts the first failure says it all; expiry by the clock goes on without the sweep.
      if (!this.#isFailing) this.logger.warn({ error }, 'reservations.expiry.failed');
      this.#isFailing = true;
    }
  }
}
