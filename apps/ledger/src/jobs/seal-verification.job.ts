import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { ContinueSealWalkHandler } from '../application/verify-seals/continue-seal-walk.handler.js';
import type { SealingReport } from './sealing.report.js';

export interface SealVerificationSchedule {
  readonly intervalMs: number;
  /** How long one piece may take. */
  readonly budgetMs: number;
  /** What was not found again for so long is over. */
  readonly quietMs: number;
}

const NAME = 'ledger seal verification';

/** Checks the seals against the ledger in the background, a piece every few seconds, over and over. */
export class SealVerificationJob implements OnApplicationBootstrap, OnModuleDestroy {
  private running: Promise<void> | undefined;

  constructor(
    private readonly handler: ContinueSealWalkHandler,
    private readonly schedule: SealVerificationSchedule,
    private readonly scheduler: SchedulerRegistry,
    private readonly report: SealingReport,
  ) {}

  onApplicationBootstrap(): void {
    this.scheduler.addInterval(
      NAME,
      setInterval(() => this.tick(), this.schedule.intervalMs),
    );
  }

  /** Lets the piece under way end, so that its progress is kept. */
  async onModuleDestroy(): Promise<void> {
    if (this.scheduler.doesExist('interval', NAME)) this.scheduler.deleteInterval(NAME);
    await this.running;
  }

  private tick(): void {
    this.running ??= this.piece().finally(() => (this.running = undefined));
  }

  private async piece(): Promise<void> {
    try {
      this.report.verified(await this.handler.execute(this.schedule));
    } catch (error) {
      this.report.failed('seal.verification', error);
    }
  }
}
