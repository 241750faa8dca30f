import type { legacyBalance } from '@steelyard/contracts/grpc';
import { availableBalance, parseAccountId } from '@steelyard/domain/accounts';
import { parseAmount } from '@steelyard/domain/money';
import { invariant, isRefusal, type Refusal } from '@steelyard/domain/result';
import { RpcError, type RpcHandlers } from '@steelyard/platform/rpc';
import type { ExecuteCommandsHandler } from '../application/execute-commands/execute-commands.handler.js';
import type { ReadAccountsHandler } from '../application/read-accounts/read-accounts.handler.js';

export type LegacyBalanceHandlers = RpcHandlers<typeof legacyBalance.BalanceServiceService>;
export const LEGACY_BALANCE_HANDLERS = Symbol('LegacyBalanceHandlers');

export interface LegacyUseCases {
  readonly executeCommands: ExecuteCommandsHandler;
  readonly readAccounts: ReadAccountsHandler;
  readonly defaultCurrency: string;
}

/** The service that this platform replaces, as its clients know it: the same commands under their old names. */
export function legacyBalanceHandlers(useCases: LegacyUseCases): LegacyBalanceHandlers {
  const { executeCommands, readAccounts, defaultCurrency } = useCases;
  return {
    getBalance: async (request) => {
      const accountId = granted(parseAccountId(request.accountId, 'account_id'));
      const [account] = await readAccounts.byIds([accountId]);
      if (!account) {
        return { accountId, balance: 0n, availableBalance: 0n, currency: defaultCurrency, version: 0n };
      }
      const { balance, currency, version } = account;
      return { accountId, balance, availableBalance: availableBalance(account), currency, version };
    },
    ensureAccount: async (request) => {
      const accountId = granted(parseAccountId(request.accountId, 'account_id'));
      const initialBalance = granted(parseAmount(request.initialBalance, 'initial_balance'));
      if (initialBalance < 0n) {
        throw new RpcError('INVALID_ARGUMENT', 'initial_balance must not be negative');
      }
      const command = { kind: 'open-account' as const, accountId, initialBalance, ...OPENED_WITH };
      const [answer] = await executeCommands.execute([
        { command, idempotencyKey: null, atomicGroup: 0, isDryRun: false },
      ]);
      invariant(answer, 'every command has an answer');
      const outcome = granted(answer.outcome);
      invariant(outcome.kind === 'account', 'opening an account answers with the account');
      return { accountId, balance: outcome.account.balance, created: outcome.isCreated };
    },
  };
}

const OPENED_WITH = {
  tier: null,
  holderId: null,
  agentId: null,
  limits: {},
  details: { source: 'EnsureAccount' },
};

function granted<Result>(result: Result | Refusal): Result {
  if (isRefusal(result)) throw new RpcError('INVALID_ARGUMENT', `${result.code}: ${result.message}`);
  return result;
}
