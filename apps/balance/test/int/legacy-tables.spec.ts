import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@steelyard/testing/wait';
import { accountIds } from '../support/commands.js';
import { useLegacyClient, type LegacyCall, type LegacyReply } from '../support/legacy-client.js';
import { useBalanceApp } from '../support/use-balance-app.js';

/** Short, so that tests see holds expire. */
const TIMEOUT_MS = 400;

/** A game as clients of the replaced service play it. */
function players(call: LegacyCall) {
  const id = accountIds();
  const table_id = id('table');
  const reserve = (account_id: string, amount: number, over: object = {}) =>
    call('ReserveForBuyIn', { account_id, table_id, amount, timeout_seconds: 60, ...over });
  return {
    id,
    table_id,
    reserve,
    buyIn: async (account_id: string, amount: number): Promise<LegacyReply> => {
      await call('EnsureAccount', { account_id, initial_balance: 1_000 });
      const { reservation_id } = await reserve(account_id, amount);
      return call('CommitReservation', { reservation_id });
    },
    contribute: (seat_id: number, amount: number, over: object = {}) =>
      call('RecordContribution', {
        table_id,
        hand_id: 'h1',
        seat_id,
        account_id: id(`p${seat_id}`),
        amount,
        contribution_type: 'BET',
        ...over,
      }),
    settle: (winners: readonly (readonly [seat: number, amount: number])[], over: object = {}) =>
      call('SettlePot', {
        table_id,
        hand_id: 'h1',
        winners: winners.map(([seat_id, amount]) => ({ seat_id, account_id: id(`p${seat_id}`), amount })),
        ...over,
      }),
    cashOut: (account_id: string, amount: number, over: object = {}) =>
      call('ProcessCashOut', { account_id, table_id, seat_id: 1, amount, hand_id: 'h1', ...over }),
    balanceOf: async (account_id: string) => {
      const { balance, available_balance } = await call('GetBalance', { account_id });
      return [balance, available_balance];
    },
  };
}

describe('tables of the replaced balance service', () => {
  const app = useBalanceApp(async () => ({ RESERVATION_TIMEOUT_MS: String(TIMEOUT_MS) }));
  const call = useLegacyClient(() => app.grpcAddress);

  describe('a buy-in', () => {
    it('holds the funds, and a commit moves them once', async () => {
      const { id, reserve, balanceOf } = players(call);
      const alice = id('alice');
      await call('EnsureAccount', { account_id: alice, initial_balance: 1_000 });
      const held = await reserve(alice, 400);
      expect(held).toMatchObject({ ok: true, error: '', available_balance: '600' });
      expect(await balanceOf(alice)).toEqual(['1000', '600']);
      const { reservation_id } = held;
      const committed = await call('CommitReservation', { reservation_id });
      expect(committed).toMatchObject({ ok: true, error: '', new_balance: '600' });
      expect(committed['transaction_id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(await call('CommitReservation', { reservation_id })).toEqual(committed);
      expect(await call('ReleaseReservation', { reservation_id })).toEqual({
        ok: false,
        error: 'ALREADY_COMMITTED',
        available_balance: '600',
      });
      expect(await balanceOf(alice)).toEqual(['600', '600']);
    });

    it('is released, again too, whatever the reason looks like', async () => {
      const { id, reserve } = players(call);
      await call('EnsureAccount', { account_id: id('alice'), initial_balance: 1_000 });
      const { reservation_id } = await reserve(id('alice'), 400);
      const reason = `join failed:\n\tat seat 4\u0000${'x'.repeat(1_000)}`;
      const released = { ok: true, error: '', available_balance: '1000' };
      expect(await call('ReleaseReservation', { reservation_id, reason })).toEqual(released);
      expect(await call('ReleaseReservation', { reservation_id, reason: 'again' })).toEqual(released);
      expect(await call('CommitReservation', { reservation_id })).toEqual({
        ok: false,
        transaction_id: '',
        error: 'RESERVATION_NOT_HELD',
        new_balance: '1000',
      });
    });

    it('expires after the configured time when it does not say', async () => {
      const { id, reserve, balanceOf } = players(call);
      const alice = id('alice');
      await call('EnsureAccount', { account_id: alice, initial_balance: 1_000 });
      const { reservation_id } = await reserve(alice, 400, { timeout_seconds: 0 });
      await eventually(async () => expect(await balanceOf(alice)).toEqual(['1000', '1000']));
      expect(await call('CommitReservation', { reservation_id })).toEqual({
        ok: false,
        transaction_id: '',
        error: 'RESERVATION_EXPIRED',
        new_balance: '1000',
      });
      expect(await call('ReleaseReservation', { reservation_id })).toMatchObject({ ok: true });
    });

    it('is refused with the funds that there are', async () => {
      const { id, reserve } = players(call);
      await call('EnsureAccount', { account_id: id('alice'), initial_balance: 100 });
      const refused = (error: string, available_balance: string) => ({
        ok: false,
        reservation_id: '',
        error,
        available_balance,
      });
      expect(await reserve(id('alice'), 101)).toEqual(refused('INSUFFICIENT_BALANCE', '100'));
      expect(await reserve(id('alice'), 0)).toEqual(refused('INVALID_AMOUNT', '100'));
      expect(await reserve(id('alice'), -5)).toEqual(refused('INVALID_AMOUNT', '100'));
      expect(await reserve(id('alice'), 2 ** 53)).toEqual(refused('INVALID_AMOUNT', '100'));
      expect(await reserve(id('nobody'), 1)).toEqual(refused('ACCOUNT_NOT_FOUND', '0'));
    });

    it('has one effect under its key, and one for each call without a key', async () => {
      const { id, reserve, balanceOf } = players(call);
      await call('EnsureAccount', { account_id: id('alice'), initial_balance: 100 });
      const key = { idempotency_key: 'buy-in-1' };
      const first = await reserve(id('alice'), 10, key);
      expect(await reserve(id('alice'), 10, key)).toEqual(first);
      expect(await reserve(id('alice'), 11, key)).toMatchObject({ ok: false, error: 'IDEMPOTENCY_CONFLICT' });
      const [second, third] = [await reserve(id('alice'), 10), await reserve(id('alice'), 10)];
      expect(new Set([first, second, third].map(({ reservation_id }) => reservation_id)).size).toBe(3);
      expect(await balanceOf(id('alice'))).toEqual(['100', '70']);
    });

    it.each(['unknown', '01890000-0000-7000-8000-000000000000'])(
      'does not know %s',
      async (reservation_id) => {
        expect(await call('CommitReservation', { reservation_id })).toEqual({
          ok: false,
          transaction_id: '',
          error: 'RESERVATION_NOT_FOUND',
          new_balance: '0',
        });
        expect(await call('ReleaseReservation', { reservation_id })).toEqual({
          ok: false,
          error: 'RESERVATION_NOT_FOUND',
          available_balance: '0',
        });
      },
    );
  });

  describe('a hand', () => {
    it('is contributed to, settled once, and cashed out', async () => {
      const { id, buyIn, contribute, settle, cashOut } = players(call);
      expect(await buyIn(id('p1'), 100)).toMatchObject({ ok: true, new_balance: '900' });
      await buyIn(id('p2'), 100);
      expect(await contribute(1, 5, { contribution_type: 'BLIND' })).toEqual({
        ok: true,
        error: '',
        total_pot: '5',
        seat_contribution: '5',
      });
      expect(await contribute(2, 20, { contribution_type: 'raise' })).toMatchObject({ total_pot: '25' });
      expect(await contribute(1, 15, { contribution_type: 'CALL' })).toEqual({
        ok: true,
        error: '',
        total_pot: '40',
        seat_contribution: '20',
      });
      const settled = await settle([
        [1, 30],
        [3, 10],
      ]);
      expect(settled).toEqual({
        ok: true,
        error: '',
        results: [
          {
            account_id: id('p1'),
            transaction_id: expect.any(String),
            amount: '30',
            new_balance: '930',
          },
          {
            account_id: id('p3'),
            transaction_id: expect.any(String),
            amount: '10',
            new_balance: '10',
          },
        ],
      });
      expect(await settle([[1, 40]])).toEqual({ ok: true, error: '', results: [] });
      expect(await contribute(1, 1)).toEqual({
        ok: false,
        error: 'POT_NOT_ACTIVE',
        total_pot: '40',
        seat_contribution: '20',
      });
      expect(await call('CancelPot', { table_id: players(call).table_id, hand_id: 'h1' })).toEqual({
        ok: false,
        error: 'POT_NOT_FOUND',
      });
      const out = await cashOut(id('p2'), 80);
      expect(out).toMatchObject({ ok: true, error: '', new_balance: '980' });
      expect(out['transaction_id']).not.toBe('');
    });

    it('is cancelled, again too, and then not settled', async () => {
      const { id, table_id, buyIn, contribute, settle, cashOut } = players(call);
      await buyIn(id('p1'), 100);
      await contribute(1, 60);
      const cancel = () => call('CancelPot', { table_id, hand_id: 'h1', reason: 'table\nclosed' });
      expect([await cancel(), await cancel()]).toEqual(Array(2).fill({ ok: true, error: '' }));
      expect(await settle([[1, 60]])).toEqual({ ok: false, error: 'POT_NOT_ACTIVE', results: [] });
      expect(await cashOut(id('p1'), 100)).toMatchObject({ ok: true, new_balance: '1000' });
    });

    it('gives the first answer again under the key of a settlement', async () => {
      const { id, buyIn, contribute, settle } = players(call);
      await buyIn(id('p1'), 100);
      const key = { idempotency_key: 'k' };
      const contributed = await contribute(1, 60, key);
      expect(await contribute(1, 60, key)).toEqual(contributed);
      const settled = await settle([[1, 60]], key);
      expect(settled['results']).toHaveLength(1);
      expect(await settle([[1, 60]], key)).toEqual(settled);
      expect(await settle([[1, 59]], key)).toMatchObject({ ok: false, error: 'IDEMPOTENCY_CONFLICT' });
    });

    it('takes no more than is on the table', async () => {
      const { id, buyIn, contribute, cashOut, settle } = players(call);
      await buyIn(id('p1'), 100);
      expect(await contribute(1, 101)).toEqual({
        ok: false,
        error: 'INSUFFICIENT_ESCROW',
        total_pot: '0',
        seat_contribution: '0',
      });
      expect(await cashOut(id('p1'), 101)).toEqual({
        ok: false,
        transaction_id: '',
        error: 'INSUFFICIENT_ESCROW',
        new_balance: '900',
      });
      expect(await cashOut(id('p1'), 0)).toMatchObject({ error: 'INVALID_AMOUNT', new_balance: '900' });
      expect(await cashOut(id('nobody'), 1)).toMatchObject({ error: 'ACCOUNT_NOT_FOUND', new_balance: '0' });
      expect(await contribute(1, -1)).toMatchObject({ ok: false, error: 'INVALID_AMOUNT' });
      expect(await settle([[1, 1]])).toEqual({ ok: false, error: 'POT_NOT_FOUND', results: [] });
      expect(await settle([[1, -1]])).toMatchObject({ ok: false, error: 'INVALID_AMOUNT' });
    });
  });

  const POT = { table_id: 't', hand_id: 'h' };
  it.each([
    ['ReserveForBuyIn', { account_id: 'a b', table_id: 't', amount: 1 }],
    ['ReserveForBuyIn', { account_id: 'a', table_id: '', amount: 1 }],
    ['ReserveForBuyIn', { account_id: 'a', table_id: 't', amount: 1, idempotency_key: 'k'.repeat(256) }],
    ['CommitReservation', {}],
    ['ReleaseReservation', {}],
    ['ProcessCashOut', { account_id: 'a', table_id: 't', amount: 1, seat_id: -1 }],
    ['ProcessCashOut', { account_id: '', table_id: 't', amount: 1 }],
    ['RecordContribution', { ...POT, account_id: 'a', amount: 1, contribution_type: 'GIFT' }],
    ['RecordContribution', { table_id: 't', account_id: 'a', amount: 1, contribution_type: 'BET' }],
    ['SettlePot', { ...POT, winners: [{ seat_id: 1, account_id: '', amount: 1 }] }],
    ['CancelPot', { table_id: '@t', hand_id: 'h' }],
  ] as const)('answers INVALID_ARGUMENT to %s %p', async (method, request) => {
    await expect(call(method, request)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('answers INVALID_ARGUMENT to a hold of more than a day, or of less than no time', async () => {
    const { id, reserve } = players(call);
    await call('EnsureAccount', { account_id: id('alice'), initial_balance: 100 });
    for (const timeout_seconds of [86_401, -1]) {
      const answer = reserve(id('alice'), 1, { timeout_seconds });
      await expect(answer).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    }
  });
});

describe('tables of the replaced balance service that are only observed', () => {
  const app = useBalanceApp(async () => ({ TABLE_ESCROW_POLICY: 'observe', RAKE_BASIS_POINTS: '500' }));
  const call = useLegacyClient(() => app.grpcAddress);

  it('never refuse a cash-out or a settlement for their escrow', async () => {
    const { id, buyIn, contribute, cashOut, settle } = players(call);
    await buyIn(id('p1'), 100);
    expect(await contribute(1, 300)).toMatchObject({ ok: true, total_pot: '300' });
    expect(await settle([[1, 300]])).toMatchObject({
      ok: true,
      results: [{ amount: '285', new_balance: '1185' }],
    });
    expect(await cashOut(id('p1'), 500)).toMatchObject({ ok: true, new_balance: '1685' });
  });
});
