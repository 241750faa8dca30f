import { afterAll, beforeAll, describe } from '@jest/globals';
import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { describeBalanceService, type BalanceClient } from '../support/balance-service.behaviour.js';
import { describeHoldsAndPots } from '../support/holds-and-pots.behaviour.js';
import { useBalanceApp } from '../support/use-balance-app.js';

const DEADLINE_MS = 20_000;

describe('the balance app over gRPC', () => {
  let client: BalanceClient | undefined;
  afterAll(() => client?.close());
  const app = useBalanceApp();
  beforeAll(() => {
    client = grpcClient(balanceV1.BalanceServiceService, {
      address: app.grpcAddress,
      deadlineMs: DEADLINE_MS,
    });
  });

  const connected = (): BalanceClient => {
    if (client === undefined) throw new Error('the client exists only while tests run');
    return client;
  };
  describeBalanceService(connected);
  describeHoldsAndPots(connected);
});
