import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Logger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/outage';
import type {
  ContinueReconciliationHandler,
  PieceRequest,
} from '../application/continue-reconciliation/continue-reconciliation.handler.js';
import type { ReconciliationMetrics } from './reconciliation.metrics.js';

export interface ReconciliationSchedule extends PieceRequest {
  readonly intervalMs: number;
  readonly registry: SchedulerRegistry;
}

const NAME = 'ledger reconciliation';

/** Compares all accounts with the ledger in the background, a piece every few seconds. What it finds are incidents. */
export class ReconciliationJob implements OnApplicationBootstrap, OnModuleDestroy {
  private running: Promise<void> | undefined;

  constructor(
    private readonly handler: ContinueReconciliationHandler,
    private readonly schedule: ReconciliationSchedule,
    private readonly metrics: ReconciliationMetrics,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const { intervalMs, registry } = this.schedule;
    registry.addInterval(
      NAME,
      setInterval(() => this.tick(), intervalMs),
    );
  }

  /** Lets the piece under way end, so that its progress is kept. */
  async onModuleDestroy(): Promise<void> {
    const { registry } = this.schedule;
    if (registry.doesExist('interval', NAME)) registry.deleteInterval(NAME);
    await this.running;
  }

  private tick(): void {
    this.running ??= this.piece().finally(() => (this.running = undefined));
  }

  private async piece(): Promise<void> {
    const { budgetMs, cycleMs, mode } = this.schedule;
    try {
      const step = await this.handler.execute({ budgetMs, cycleMs, mode });
      this.metrics.count(step, Date.now());
      const { drifted, repaired, unrepaired } = step;
      if (drifted > 0) this.logger.warn({ drifted, repaired, unrepaired }, 'ledger.reconciliation.drift');
    } catch (error) {
      // An outage is reported by readiness already; the walk goes on where it was.
      if (error instanceof OutageError) this.logger.debug({ error }, 'ledger.reconciliation.waiting');
      else this.logger.error({ error }, 'ledger.reconciliation.failed');
    }
  }
}
