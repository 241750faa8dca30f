import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { ledgerV1 } from '@steelyard/contracts/grpc';
import { natsRpcServer, type NatsLink, type NatsRpcServer } from '@steelyard/platform/messaging';
import type { Logger } from '@steelyard/platform/observability';
import type { LedgerRpcHandlers } from '../ledger-rpc-handlers.js';

/** All processes of the app share the calls. */
const QUEUE = 'ledger';

/** The service over NATS: request and reply with the same messages and the same handlers as over gRPC. */
export class LedgerNatsServer implements OnApplicationBootstrap, OnModuleDestroy {
  private server: NatsRpcServer | undefined;

  constructor(
    private readonly link: NatsLink,
    private readonly handlers: LedgerRpcHandlers,
    private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { handlers, logger } = this;
    await this.link.whenConnected(async (connection) => {
      this.server = await natsRpcServer(connection, ledgerV1.LedgerServiceService, handlers, {
        queue: QUEUE,
        logger,
      });
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.server?.close();
  }
}
