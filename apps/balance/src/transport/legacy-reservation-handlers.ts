import { availableBalance, type Account } from '@steelyard/domain/accounts';
import { RpcError } from '@steelyard/platform/rpc';
import {
  accountNow,
  executeLegacy,
  isLegacyRefusal,
  legacyDetails,
  type LegacyBalanceHandlers,
  type LegacyUseCases,
} from './legacy-execution.js';

type Handlers = Pick<LegacyBalanceHandlers, 'reserveForBuyIn' | 'commitReservation' | 'releaseReservation'>;

/** The two phases of a buy-in. */
export function legacyReservationHandlers(useCases: LegacyUseCases): Handlers {
  return {
    reserveForBuyIn: async ({ accountId, tableId, amount, idempotencyKey: key, timeoutSeconds }) => {
      const target = { $case: 'tableId', value: tableId } as const;
      const value = { accountId, amount, timeoutSeconds, target, reference: '', details: undefined };
      const answer = await executeLegacy(useCases, 'reservation', { body: { $case: 'reserve', value }, key });
      if (isLegacyRefusal(answer)) {
        const available = availableOf(await accountNow(useCases, accountId));
        return { ok: false, reservationId: '', error: answer.error, availableBalance: available };
      }
      const { reservationId, availableAfter } = answer.reservation;
      return { ok: true, reservationId, error: '', availableBalance: availableAfter };
    },
    commitReservation: async ({ reservationId }) => {
      refuseNoId(reservationId);
      const value = { reservationId, amount: undefined, details: undefined };
      const body = { $case: 'commitReservation', value } as const;
      const answer = await executeLegacy(useCases, 'reservation', { body, key: null });
      if (isLegacyRefusal(answer)) {
        const account = await accountOf(useCases, reservationId);
        return { ok: false, transactionId: '', error: answer.error, newBalance: account?.balance ?? 0n };
      }
      const { transactionId, balanceAfter } = answer.reservation;
      return { ok: true, transactionId: transactionId ?? '', error: '', newBalance: balanceAfter };
    },
    releaseReservation: async ({ reservationId, reason }) => {
      refuseNoId(reservationId);
      const value = { reservationId, details: legacyDetails(reason) };
      const body = { $case: 'releaseReservation', value } as const;
      const answer = await executeLegacy(useCases, 'reservation', { body, key: null });
      if (isLegacyRefusal(answer)) {
        const available = availableOf(await accountOf(useCases, reservationId));
        return { ok: false, error: answer.error, availableBalance: available };
      }
      return { ok: true, error: '', availableBalance: answer.reservation.availableAfter };
    },
  };
}

function refuseNoId(reservationId: string): void {
  if (reservationId === '') throw new RpcError('INVALID_ARGUMENT', 'reservation_id is required');
}

/** The account of a reservation, for a refused step; undefined when there is no such reservation. */
async function accountOf(useCases: LegacyUseCases, reservationId: string): Promise<Account | undefined> {
  const reservation = await useCases.readReservations.byId(reservationId);
  return reservation && accountNow(useCases, reservation.accountId);
}

function availableOf(account: Account | undefined): bigint {
  return account ? availableBalance(account) : 0n;
}
