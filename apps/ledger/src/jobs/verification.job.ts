import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { OutageError } from '@steelyard/platform/postgres';
import type { Logger } from '@steelyard/platform/observability';
import type {
  ContinueWalkHandler,
  WalkContinued,
} from '../application/continue-walk/continue-walk.handler.js';
import type { VerificationMetrics } from './verification.metrics.js';

export interface VerificationSchedule {
  readonly intervalMs: number;
  /** How long one piece may take. */
  readonly budgetMs: number;
}

const NAME = 'ledger verification';

/** Walks over the whole ledger in the background, a piece every few seconds, and reports what it finds. */
export class VerificationJob implements OnApplicationBootstrap, OnModuleDestroy {
  private running: Promise<void> | undefined;

  constructor(
    private readonly handler: ContinueWalkHandler,
    private readonly schedule: VerificationSchedule,
    private readonly scheduler: SchedulerRegistry,
    private readonly report: VerificationReport,
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
      this.report.continued(await this.handler.execute({ budgetMs: this.schedule.budgetMs }));
    } catch (error) {
      this.report.failed(error);
    }
  }
}

/** What the walk tells operators. */
export class VerificationReport {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: VerificationMetrics,
  ) {}

  continued(step: WalkContinued): void {
    this.metrics.count(step);
    for (const finding of step.findings) {
      const { bucket, accountId, sequence, entryId, factSequence, reason, isDrifted } = finding;
      this.logger.error(
        {
          bucket,
          accountId,
          firstInvalidSequence: sequence.toString(),
          entryId,
          factSequence: factSequence.toString(),
          reason,
          isDrifted,
        },
        'integrity_failure',
      );
    }
    if (step.isWalkComplete) this.logger.info({}, 'ledger.walk.completed');
  }

  /** An outage is reported by readiness already; the walk goes on where it was. */
  failed(error: unknown): void {
    if (error instanceof OutageError) this.logger.debug({ error }, 'ledger.walk.waiting');
    else this.logger.error({ error }, 'ledger.walk.failed');
  }
}
