import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { startApp, type RunningApp } from '@steelyard/testing/processes';

const CALL_DEADLINE_MS = 30_000;
/** As the service allows in one call. */
const ACCOUNTS_PER_CALL = 1_000;

/** A balance app of the test's own as a process on free ports, and a client of its gRPC service. */
export interface BalanceStack {
  readonly app: RunningApp;
  execute(commands: readonly balanceV1.Command[]): Promise<readonly balanceV1.Outcome[]>;
  /** Those of the accounts that exist, by their ids. */
  accounts(accountIds: readonly string[]): Promise<ReadonlyMap<string, balanceV1.Account>>;
  stop(): Promise<void>;
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
    stop: async () => {
      await client.close();
      await app.stop();
    },
  };
}
