import { afterAll, beforeAll, describe } from '@jest/globals';
import { balanceV1, maintenanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { BalanceClient } from '../support/balance-calls.js';
import { describeBalanceService } from '../support/balance-service.behaviour.js';
import { describeMaintenance, type MaintenanceClient } from '../support/maintenance-service.behaviour.js';
import { useBalanceApp } from '../support/use-balance-app.js';

const DEADLINE_MS = 60_000;

describe('the balance app over gRPC', () => {
  let client: BalanceClient | undefined;
  let maintenance: MaintenanceClient | undefined;
  afterAll(async () => {
    await client?.close();
    await maintenance?.close();
  });
  const app = useBalanceApp();
  beforeAll(() => {
    const settings = { address: app.grpcAddress, deadlineMs: DEADLINE_MS };
    client = grpcClient(balanceV1.BalanceServiceService, settings);
    maintenance = grpcClient(maintenanceV1.MaintenanceServiceService, settings);
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
