import { availableBalance, parseAccountId } from '@steelyard/domain/accounts';
import { parseAmount } from '@steelyard/domain/money';
import { invariant, isRefusal, type Refusal } from '@steelyard/domain/result';
import { RpcError } from '@steelyard/platform/rpc';
import { accountNow, type LegacyBalanceHandlers, type LegacyUseCases } from './legacy-execution.js';
import { legacyReservationHandlers } from './legacy-reservation-handlers.js';
import { legacyTableHandlers } from './legacy-table-handlers.js';

export type { LegacyBalanceHandlers } from './legacy-execution.js';
export const LEGACY_BALANCE_HANDLERS = Symbol('LegacyBalanceHandlers');

/** The service that this platform replaces, as its clients know it: the same commands under their old names. */
export function legacyBalanceHandlers(useCases: LegacyUseCases): LegacyBalanceHandlers {
  return {
    ...accountHandlers(useCases),
    ...legacyReservationHandlers(useCases),
    ...legacyTableHandlers(useCases),
  };
}

function accountHandlers(
  useCases: LegacyUseCases,
): Pick<LegacyBalanceHandlers, 'getBalance' | 'ensureAccount'> {
  const { executeCommands, defaultCurrency } = useCases;
  return {
    getBalance: async (request) => {
      const accountId = granted(parseAccountId(request.accountId, 'account_id'));
      const account = await accountNow(useCases, accountId);
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
