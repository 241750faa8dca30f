import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';

export type BalanceClient = RpcClient<typeof balanceV1.BalanceServiceService>;

/** The calls that the suites of the service make, over whichever transport the client speaks. */
export interface BalanceCalls {
  readonly client: () => BalanceClient;
  /** The outcomes of one request, in the order of its commands. */
  readonly execute: (...commands: balanceV1.Command[]) => Promise<balanceV1.Outcome[]>;
  /** The outcome of a request with one command. */
  readonly one: (command: balanceV1.Command) => Promise<balanceV1.Outcome | undefined>;
  readonly read: (...accountIds: string[]) => Promise<balanceV1.Account[]>;
}

export function balanceCalls(client: () => BalanceClient): BalanceCalls {
  const execute: BalanceCalls['execute'] = async (...commands) =>
    (await client().call('execute', { commands })).outcomes;
  return {
    client,
    execute,
    one: async (command) => (await execute(command))[0],
    read: async (...accountIds) => (await client().call('getAccounts', { accountIds })).accounts,
  };
}
