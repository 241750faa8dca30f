import { netContribution, potTotal, seatOf } from '@steelyard/domain/tables';
import {
  accountNow,
  executeLegacy,
  isLegacyRefusal,
  legacyDetails,
  type LegacyBalanceHandlers,
  type LegacyUseCases,
} from './legacy-execution.js';

type Handlers = Pick<
  LegacyBalanceHandlers,
  'processCashOut' | 'recordContribution' | 'settlePot' | 'cancelPot'
>;

/** What happens to the chips on a table. */
export function legacyTableHandlers(useCases: LegacyUseCases): Handlers {
  return {
    processCashOut: async ({ idempotencyKey: key, ...request }) => {
      const value = { ...request, details: undefined };
      const answer = await executeLegacy(useCases, 'transaction', { body: { $case: 'cashOut', value }, key });
      const { accountId } = request;
      if (isLegacyRefusal(answer)) {
        const account = await accountNow(useCases, accountId);
        return { ok: false, transactionId: '', error: answer.error, newBalance: account?.balance ?? 0n };
      }
      const { transactionId, entries } = answer.transaction;
      const paid = entries.find((entry) => entry.accountId === accountId);
      return { ok: true, transactionId, error: '', newBalance: paid?.balanceAfter ?? 0n };
    },
    recordContribution: async ({ idempotencyKey: key, ...request }) => {
      const contributionType = request.contributionType.toUpperCase();
      const value = { ...request, contributionType, currency: '', details: undefined };
      const answer = await executeLegacy(useCases, 'pot', { body: { $case: 'contribute', value }, key });
      if (!isLegacyRefusal(answer)) {
        const { total: totalPot, seatContribution } = answer;
        return { ok: true, error: '', totalPot, seatContribution };
      }
      const pot = await useCases.readTables.pot(request);
      const seat = pot && seatOf(pot, request.seatId);
      return {
        ok: false,
        error: answer.error,
        totalPot: pot ? potTotal(pot) : 0n,
        seatContribution: seat ? netContribution(seat) : 0n,
      };
    },
    settlePot: async ({ tableId, handId, winners, idempotencyKey: key }) => {
      const payout = { $case: 'winners', value: { winners } } as const;
      const value = { tableId, handId, payout, rake: undefined, details: undefined };
      const answer = await executeLegacy(useCases, 'pot', { body: { $case: 'settlePot', value }, key });
      if (isLegacyRefusal(answer)) return { ok: false, error: answer.error, results: [] };
      const results = answer.payouts.map(({ accountId, transactionId, amount, newBalance }) => ({
        accountId,
        transactionId,
        amount,
        newBalance,
      }));
      return { ok: true, error: '', results };
    },
    cancelPot: async ({ tableId, handId, reason }) => {
      const value = { tableId, handId, details: legacyDetails(reason) };
      const body = { $case: 'cancelPot', value } as const;
      const answer = await executeLegacy(useCases, 'pot', { body, key: null });
      return isLegacyRefusal(answer) ? { ok: false, error: answer.error } : { ok: true, error: '' };
    },
  };
}
