import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { RpcError } from '@steelyard/platform/rpc';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { createRemoteClock } from './clock/remote-clock.js';

/** Longer than the service itself waits for a commit. */
const CALL_DEADLINE_MS = 60_000;
/** As the service allows in one call. */
const ACCOUNTS_PER_CALL = 1_000;

/** A balance app of the test's own as a process on free ports, and a client of its gRPC service. */
export interface BalanceStack {
  readonly app: RunningApp;
  execute(commands: readonly balanceV1.Command[]): Promise<readonly balanceV1.Outcome[]>;
  /** Those of the accounts that exist, by their ids. */
  accounts(accountIds: readonly string[]): Promise<ReadonlyMap<string, balanceV1.Account>>;
  reservation(reservationId: string): Promise<balanceV1.Reservation | undefined>;
  pot(tableId: string, handId: string): Promise<balanceV1.Pot | undefined>;
  table(tableId: string, currency: string): Promise<balanceV1.Table | undefined>;
  stop(): Promise<void>;
}

/** One of which the clock stands still until it is moved. */
export interface ClockedBalanceStack extends BalanceStack {
  setClock(nowMs: number): Promise<void>;
}

/** Starts the balance app (which must be built) on a database, with further configuration if given. */
export async function startBalance(
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BalanceStack> {
  const app = await startApp('balance', { DATABASE_URL: databaseUrl, ...env });
  const address = app.grpcTarget;
  if (address === undefined) throw new Error('the balance app has a gRPC server');
  const client = grpcClient(balanceV1.BalanceServiceService, { address, deadlineMs: CALL_DEADLINE_MS });
  return {
    app,
    execute: async (commands) => (await client.call('execute', { commands: [...commands] })).outcomes,
    accounts: async (accountIds) => {
      const found = new Map<string, balanceV1.Account>();
      for (let from = 0; from < accountIds.length; from += ACCOUNTS_PER_CALL) {
        const page = accountIds.slice(from, from + ACCOUNTS_PER_CALL);
        const { accounts } = await client.call('getAccounts', { accountIds: page });
        for (const account of accounts) found.set(account.accountId, account);
      }
      return found;
    },
    reservation: async (reservationId) =>
      (await ifFound(client.call('getReservation', { reservationId })))?.reservation,
    pot: async (tableId, handId) => (await ifFound(client.call('getPot', { tableId, handId })))?.pot,
    table: async (tableId, currency) =>
      (await ifFound(client.call('getTable', { tableId, currency })))?.table,
    stop: async () => {
      await client.close();
      await app.stop();
    },
  };
}

/** The same, its clock standing at `startMs` since 1970-01-01 UTC. */
export async function startClockedBalance(
  databaseUrl: string,
  startMs: number,
  env: Readonly<Record<string, string>> = {},
): Promise<ClockedBalanceStack> {
  const clock = await createRemoteClock(startMs);
  const stack = await startBalance(databaseUrl, { ...env, ...clock.env });
  return {
    ...stack,
    setClock: (nowMs) => clock.set(nowMs),
    stop: async () => {
      await stack.stop();
      await clock.close();
    },
  };
}

async function ifFound<Response>(call: Promise<Response>): Promise<Response | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RpcError && error.status === 'NOT_FOUND') return undefined;
    throw error;
  }
}
