import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { balanceV1, maintenanceV1 } from '@steelyard/contracts/grpc';
import { connectNats, natsRpcClient, type NatsConnection } from '@steelyard/platform/messaging';
import { requireServer, startNats } from '@steelyard/testing/nats';
import type { BalanceClient } from '../support/balance-calls.js';
import { describeBalanceService } from '../support/balance-service.behaviour.js';
import { describeMaintenance, type MaintenanceClient } from '../support/maintenance-service.behaviour.js';
import { useBalanceApp } from '../support/use-balance-app.js';

const DEADLINE_MS = 60_000;
/** The outcomes of 5,000 commands are more than the megabyte that a NATS server carries unless told otherwise. */
const SERVER_CONFIG = 'max_payload: 8MB\n';

requireServer('nats')('the balance app over NATS', () => {
  let configDir = '';
  let server: Awaited<ReturnType<typeof startNats>> | undefined;
  let connection: NatsConnection | undefined;
  let client: BalanceClient | undefined;
  let maintenance: MaintenanceClient | undefined;

  // Hooks run in this order: the client's connection closes, then the app ends, then its server.
  afterAll(() => connection?.close());
  useBalanceApp(async () => {
    configDir = await mkdtemp(join(tmpdir(), 'steelyard-nats-config-'));
    const configFile = join(configDir, 'nats.conf');
    await writeFile(configFile, SERVER_CONFIG);
    server = await startNats(['--config', configFile]);
    return { TRANSPORT: 'nats', NATS_URL: server.url };
  });
  beforeAll(async () => {
    connection = await connectNats(server?.url ?? '', 'balance test');
    const settings = { deadlineMs: DEADLINE_MS };
    client = natsRpcClient(connection, balanceV1.BalanceServiceService, settings);
    maintenance = natsRpcClient(connection, maintenanceV1.MaintenanceServiceService, settings);
  });
  afterAll(async () => {
    await server?.stop();
    await rm(configDir, { recursive: true, force: true });
  });

  const connected = (): BalanceClient => {
    if (client === undefined) throw new Error('the client exists only while tests run');
    return client;
  };
  describeBalanceService(connected);
  describeMaintenance(() => {
    if (maintenance === undefined) throw new Error('the client exists only while tests run');
    return { balance: connected(), maintenance };
  });
});
