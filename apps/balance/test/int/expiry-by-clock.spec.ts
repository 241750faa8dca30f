import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { Pool } from '@steelyard/platform/postgres';
import { eventually } from '@steelyard/testing/wait';
import type { BalanceClient } from '../support/balance-calls.js';
import { accountIds } from '../support/commands.js';
import { useLegacyClient } from '../support/legacy-client.js';
import { useBalanceApp, type Environment } from '../support/use-balance-app.js';
import { superuserPool } from '../support/use-balance-database.js';
import { reservationIn, wire } from '../support/wire.js';

const DEADLINE_MS = 60_000;
const HELD = 1;
const EXPIRED = 4;

/** The app with holds that end soon, and what is stored behind it. */
function useExpiringApp(env: Environment) {
  let client: BalanceClient | undefined;
  let superuser: Pool | undefined;
  // Before the app's own hooks: what is connected to it and to its database ends first.
  afterAll(async () => {
    await client?.close();
    await superuser?.end();
  });
  const app = useBalanceApp(async () => ({ ...env, RESERVATION_TIMEOUT_MS: '300' }));
  beforeAll(() => {
    superuser = superuserPool(app.config.DATABASE_URL);
    client = grpcClient(balanceV1.BalanceServiceService, {
      address: app.grpcAddress,
      deadlineMs: DEADLINE_MS,
    });
  });
  const connected = (): BalanceClient => {
    if (!client) throw new Error('the client exists only while tests run');
    return client;
  };
  return {
    client: connected,
    grpcAddress: () => app.grpcAddress,
    /** Of an account's one reservation, as it is written down. */
    storedStatus: async (accountId: string): Promise<number | undefined> => {
      const statement = 'select status from balance.reservations where account_id = $1';
      const result = await superuser?.query<{ status: number }>(statement, [accountId]);
      return result?.rows[0]?.status;
    },
    /** A new account that holds 40 of 100 for as long as the deployment says. */
    holdsSome: async (): Promise<{ accountId: string; holderId: string; reservationId: string }> => {
      const accountId = accountIds()('alice');
      const holderId = `${accountId}-holder`;
      const { outcomes } = await connected().call('execute', {
        commands: [
          wire.open(accountId, { initialBalance: 100n, holderId }),
          wire.reserve(accountId, { amount: 40n, timeoutSeconds: 0 }),
        ],
      });
      return { accountId, holderId, reservationId: reservationIn(outcomes[1]).reservationId };
    },
  };
}

describe('a reservation whose time is over', () => {
  const app = useExpiringApp({ RESERVATION_SWEEP_INTERVAL_MS: '0' });
  const legacy = useLegacyClient(app.grpcAddress);

  it('has expired for every reader though nobody has written it down', async () => {
    const { accountId, holderId, reservationId } = await app.holdsSome();
    const free = { balance: 100n, held: 0n, availableBalance: 100n };
    await eventually(async () => {
      const { accounts } = await app.client().call('getAccounts', { accountIds: [accountId] });
      expect(accounts).toMatchObject([free]);
    });
    const { accounts } = await app.client().call('getHolderAccounts', { holderId });
    expect(accounts).toMatchObject([free]);
    expect(await legacy('GetBalance', { account_id: accountId })).toMatchObject({ available_balance: '100' });
    const { reservation } = await app.client().call('getReservation', { reservationId });
    expect(reservation).toMatchObject({ status: 'EXPIRED', resolvedAtMs: reservation?.expiresAtMs });
    const listed = async (status: string) => {
      const request = { accountId, status, limit: 0, cursor: '' };
      return (await app.client().call('listReservations', request)).reservations.length;
    };
    expect([await listed('HELD'), await listed('EXPIRED'), await listed('')]).toEqual([0, 1, 1]);
    expect(await app.storedStatus(accountId)).toBe(HELD);
  });

  it('is written down by the next command on its account', async () => {
    const { accountId, reservationId } = await app.holdsSome();
    await eventually(async () => {
      const { reservation } = await app.client().call('getReservation', { reservationId });
      expect(reservation?.status).toBe('EXPIRED');
    });
    await app.client().call('execute', { commands: [wire.withdraw(accountId, { amount: 100n })] });
    expect(await app.storedStatus(accountId)).toBe(EXPIRED);
  });
});

describe('the app that sweeps', () => {
  const app = useExpiringApp({ RESERVATION_SWEEP_INTERVAL_MS: '50' });

  it('writes down by itself what has expired', async () => {
    const { accountId } = await app.holdsSome();
    await eventually(async () => expect(await app.storedStatus(accountId)).toBe(EXPIRED));
  });
});
