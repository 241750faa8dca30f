import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { IncidentLog } from '../application/incidents/incident-log.js';
import type {
  Publication,
  PublishCheckpointsHandler,
} from '../application/publishing/publish-checkpoints.handler.js';
import type { SealHandler, Sealed } from '../application/sealing/seal.handler.js';
import { sealIncident } from '../application/verify-seals/continue-seal-walk.handler.js';
import { bucketFault, sealFault } from '../application/verify-seals/seal-fault.js';
import type { SealingReport } from './sealing.report.js';

const NAME = 'ledger sealing';

/** What a run does, in this order. */
export interface SealingSteps {
  readonly seal: SealHandler;
  readonly publish: PublishCheckpointsHandler;
  readonly incidents: IncidentLog;
}

/** Seals what is new every interval, and brings the checkpoints out of the platform. */
export class SealingJob implements OnApplicationBootstrap, OnModuleDestroy {
  private running: Promise<void> | undefined;
  private isStopping = false;

  constructor(
    private readonly steps: SealingSteps,
    /** 0: never. */
    private readonly intervalMs: number,
    private readonly scheduler: SchedulerRegistry,
    private readonly report: SealingReport,
  ) {}

  onApplicationBootstrap(): void {
    if (this.intervalMs === 0) return;
    this.scheduler.addInterval(
      NAME,
      setInterval(() => this.tick(), this.intervalMs),
    );
  }

  /** Lets the seal under way end. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    if (this.scheduler.doesExist('interval', NAME)) this.scheduler.deleteInterval(NAME);
    await this.running;
  }

  private tick(): void {
    this.running ??= this.run().finally(() => (this.running = undefined));
  }

  private async run(): Promise<void> {
    try {
      await this.steps.publish.register();
      await this.sealAll();
      for (const publication of await this.steps.publish.execute()) await this.published(publication);
    } catch (error) {
      this.report.failed('seal', error);
    }
  }

  /** One seal holds a bounded number of facts; after an outage several follow each other. */
  private async sealAll(): Promise<void> {
    let sealed: Sealed;
    do {
      const startedMs = performance.now();
      sealed = await this.steps.seal.execute();
      this.report.sealed(sealed, performance.now() - startedMs);
      const seal = sealed.seal?.seal ?? 0n;
      await this.steps.incidents.report(
        sealed.obstacles.map(({ bucket, reason }) =>
          sealIncident(bucketFault({ seal, bucket }, `cannot go on: ${reason}`)),
        ),
      );
    } while (sealed.hasMore && !this.isStopping);
  }

  private async published(publication: Publication): Promise<void> {
    this.report.published(publication);
    if (publication.conflict === undefined) return;
    await this.steps.incidents.report([sealIncident(sealFault(0n, publication.conflict))]);
  }
}
