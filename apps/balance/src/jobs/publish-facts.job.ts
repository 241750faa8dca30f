import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { FactPublisher } from '../application/publish-facts/fact-publisher.js';

/** Publishes facts for as long as the app runs. */
export class PublishFactsJob implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly publisher: FactPublisher) {}

  onApplicationBootstrap(): void {
    this.publisher.start();
  }

  /** What is under way ends; facts committed from here on are for another process, or the next start. */
  async onModuleDestroy(): Promise<void> {
    await this.publisher.stop();
  }
}
