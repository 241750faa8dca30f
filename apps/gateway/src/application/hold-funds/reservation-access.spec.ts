import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { ACCESS, AccountAccess, type Caller } from '@steelyard/rest/access';
import { AccountReader, BalancePort } from '@steelyard/rest/balance';
import { refused, type Refused } from '@steelyard/rest/refusals';
import { ReservationsPort } from '../ports/reservations.port.js';
import { ReservationAccess } from './reservation-access.js';

const LIMITS = { countMax: 10, bytesMax: 10_000, inFlightMax: 1, waitingMax: 100, waitMaxMs: 1_000 };
const FORBIDDEN = { kind: 'refused', code: 'FORBIDDEN', message: 'You may not do this' };

const reservation: balanceV1.Reservation = {
  reservationId: 'r-1',
  accountId: 'alice',
  currency: 'CHIPS',
  status: 'HELD',
  amount: 100n,
  captured: 0n,
  target: undefined,
  reference: '',
  metadataJson: '{}',
  createdAtMs: 1n,
  expiresAtMs: 2n,
  resolvedAtMs: undefined,
  transactionId: '',
  balanceAfter: 100n,
  availableAfter: 0n,
};

/** Has one reservation, and counts how often it is asked. */
class OneReservation extends ReservationsPort {
  asked = 0;

  async get(reservationId: string): Promise<balanceV1.Reservation | Refused> {
    this.asked++;
    return reservationId === 'r-1'
      ? reservation
      : refused('RESERVATION_NOT_FOUND', 'the reservation does not exist');
  }

  async list(): Promise<balanceV1.ListReservationsResponse> {
    return { reservations: [reservation], nextCursor: '' };
  }
}

/** No account has a holder beside its own id. */
class NoAccounts extends BalancePort {
  async execute(): Promise<never> {
    throw new Error('only reads are expected');
  }

  async getAccounts(): Promise<balanceV1.GetAccountsResponse> {
    return { accounts: [], asOfMs: 1n, stale: false, ageMs: 0n, unreadAccountIds: [], accountsAsOfMs: [] };
  }

  async getHolderAccounts(): Promise<balanceV1.GetHolderAccountsResponse> {
    return { accounts: [], asOfMs: 1n, stale: false, ageMs: 0n };
  }
}

const caller = (subject: string, ...roles: ('operator' | 'auditor' | 'service')[]): Caller => ({
  kind: 'token',
  subject,
  roles,
});

function setUp(selfService: readonly ('read' | 'reserve')[] = ['read', 'reserve']) {
  const reservations = new OneReservation();
  const accounts = new AccountReader(new NoAccounts(), LIMITS);
  const access = new AccountAccess(accounts, new Set(selfService));
  return { reservations, access: new ReservationAccess(reservations, access) };
}

describe('ReservationAccess', () => {
  it('lets the owner of the account end its reservation', async () => {
    const { access } = setUp();
    expect(await access.reach(ACCESS.resolveReservation, caller('alice'), 'r-1')).toBeUndefined();
  });

  it('keeps everybody else without a role away, and does not tell whether it exists', async () => {
    const { access } = setUp();
    const [real, made] = ['r-1', 'r-2'].map((id) =>
      access.reach(ACCESS.resolveReservation, caller('bob'), id),
    );
    expect(await real).toEqual(FORBIDDEN);
    expect(await made).toEqual(FORBIDDEN);
  });

  it('refuses owners where the deployment does not let them reserve', async () => {
    const { access, reservations } = setUp(['read']);
    expect(await access.reach(ACCESS.resolveReservation, caller('alice'), 'r-1')).toEqual(FORBIDDEN);
    expect(reservations.asked).toBe(0);
  });

  it('lets services through without reading the reservation', async () => {
    const { access, reservations } = setUp();
    expect(await access.reach(ACCESS.resolveReservation, caller('game', 'service'), 'r-1')).toBeUndefined();
    expect(reservations.asked).toBe(0);
  });

  it('shows auditors what they may not change', async () => {
    const { access } = setUp();
    const auditor = caller('eve', 'auditor');
    expect(await access.find(ACCESS.readReservation, auditor, 'r-1')).toEqual(reservation);
    expect(await access.find(ACCESS.resolveReservation, auditor, 'r-1')).toEqual(FORBIDDEN);
  });

  it('tells callers with a role that there is none', async () => {
    const { access } = setUp();
    const found = await access.find(ACCESS.readReservation, caller('boss', 'operator'), 'r-2');
    expect(found).toMatchObject({ code: 'RESERVATION_NOT_FOUND' });
  });
});
