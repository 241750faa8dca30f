import { afterAll, beforeAll } from '@jest/globals';
import { ledgerV1 } from '@steelyard/contracts/grpc';
import { connectNats, natsRpcClient, type NatsConnection } from '@steelyard/platform/messaging';
import { requireServer, startNats } from '@steelyard/testing/nats';
import type { LedgerClient } from '../support/ledger-calls.js';
import { describeLedgerService } from '../support/ledger-service.behaviour.js';
import { useLedgerApp } from '../support/use-ledger-app.js';

const DEADLINE_MS = 60_000;

requireServer('nats')('the ledger over NATS', () => {
  let server: Awaited<ReturnType<typeof startNats>> | undefined;
  let connection: NatsConnection | undefined;
  let client: LedgerClient | undefined;
  afterAll(() => connection?.close());
  const suite = useLedgerApp(async () => {
    server = await startNats();
    return { TRANSPORT: 'nats', NATS_URL: server.url };
  });
  beforeAll(async () => {
    connection = await connectNats(server?.url ?? '', 'ledger test');
    client = natsRpcClient(connection, ledgerV1.LedgerServiceService, { deadlineMs: DEADLINE_MS });
  });
  // After the app's own end.
  afterAll(() => server?.stop());

  describeLedgerService({
    client: () => {
      if (client === undefined) throw new Error('the client exists only while tests run');
      return client;
    },
    builder: () => suite.books.builder,
  });
});
