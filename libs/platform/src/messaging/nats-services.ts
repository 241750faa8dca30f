import type { OnApplicationBootstrap, OnModuleDestroy, Provider } from '@nestjs/common';
import type { Logger } from '../observability/index.js';
import type { ServedService } from '../rpc/index.js';
import type { NatsLink } from './nats-link.js';
import { natsRpcServer, type NatsRpcServer } from './nats-rpc-server.js';
import type { NatsOwner } from './open-nats-link.js';

export interface NatsServicesSettings {
  /** All processes of the app share the calls. */
  readonly queue: string;
  readonly logger: Logger;
}

/** An app's services over NATS: request and reply with the same messages and handlers as over gRPC. */
export class NatsServices implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #servers: NatsRpcServer[] = [];

  constructor(
    private readonly link: NatsLink,
    private readonly services: readonly ServedService[],
    private readonly settings: NatsServicesSettings,
  ) {}

  /** Serves as soon as there is a connection. */
  async onApplicationBootstrap(): Promise<void> {
    await this.link.whenConnected(async (connection) => {
      for (const { definition, handlers } of this.services) {
        this.#servers.push(await natsRpcServer(connection, definition, handlers, this.settings));
      }
    });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
  }
}

/** The provider that serves an app's services over NATS; none for an app that is not asked to. */
export function servedOverNats(
  link: NatsLink | undefined,
  services: readonly ServedService[],
  { name: queue, logger }: Pick<NatsOwner, 'name' | 'logger'>,
): readonly Provider[] {
  if (link === undefined) return [];
  return [{ provide: NatsServices, useValue: new NatsServices(link, services, { queue, logger }) }];
}
