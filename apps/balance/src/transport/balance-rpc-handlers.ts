import type { balanceV1 } from '@steelyard/contracts/grpc';
import { RpcError, type RpcHandlers } from '@steelyard/platform/rpc';
import type { ExecuteCommandsHandler } from '../application/execute-commands/execute-commands.handler.js';
import type { ReadAccountsHandler } from '../application/read-accounts/read-accounts.handler.js';
import { decodeCommand } from './decode-command.js';
import { encodeAccount, encodeOutcome } from './encode-outcome.js';

export type BalanceRpcHandlers = RpcHandlers<typeof balanceV1.BalanceServiceService>;
export const BALANCE_RPC_HANDLERS = Symbol('BalanceRpcHandlers');

/** The largest request: an atomic batch is written in one transaction. */
export const COMMANDS_PER_REQUEST_MAX = 5_000;
const ACCOUNTS_PER_REQUEST_MAX = 1_000;

export interface BalanceUseCases {
  readonly executeCommands: ExecuteCommandsHandler;
  readonly readAccounts: ReadAccountsHandler;
  readonly now: () => number;
}

/** What every transport serves: decode, call, encode. */
export function balanceRpcHandlers({
  executeCommands,
  readAccounts,
  now,
}: BalanceUseCases): BalanceRpcHandlers {
  return {
    execute: async ({ commands }) => {
      refuseMoreThan(COMMANDS_PER_REQUEST_MAX, commands.length, 'commands');
      const answers = await executeCommands.execute(commands.map(decodeCommand));
      return { outcomes: answers.map(encodeOutcome) };
    },
    getAccounts: async ({ accountIds }) => {
      refuseMoreThan(ACCOUNTS_PER_REQUEST_MAX, accountIds.length, 'account ids');
      const accounts = await readAccounts.byIds(accountIds);
      return { accounts: accounts.map(encodeAccount), asOfMs: BigInt(now()) };
    },
    getHolderAccounts: async ({ holderId }) => {
      const accounts = await readAccounts.byHolder(holderId);
      return { accounts: accounts.map(encodeAccount), asOfMs: BigInt(now()) };
    },
  };
}

function refuseMoreThan(max: number, count: number, what: string): void {
  if (count <= max) return;
  throw new RpcError('INVALID_ARGUMENT', `at most ${max} ${what} a request; these are ${count}`);
}
