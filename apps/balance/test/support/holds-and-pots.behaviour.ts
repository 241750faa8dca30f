import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { eventually } from '@steelyard/testing/wait';
import type { BalanceClient } from './balance-service.behaviour.js';
import { accountIds } from './commands.js';
import { NO_DETAILS, potIn, refusalIn, reservationIn, transactionIn, wire } from './wire.js';

/** Longer than the shortest hold. */
const EXPIRY_TIMEOUT_MS = 10_000;

const atTable = (tableId: string) => ({ $case: 'tableId' as const, value: tableId });

/** What the service promises about held funds, tables and pots, over whichever transport the client speaks. */
export function describeHoldsAndPots(client: () => BalanceClient): void {
  const execute = async (...commands: balanceV1.Command[]): Promise<balanceV1.Outcome[]> =>
    (await client().call('execute', { commands })).outcomes;
  const one = async (command: balanceV1.Command): Promise<balanceV1.Outcome | undefined> =>
    (await execute(command))[0];
  const read = async (accountId: string) => {
    const { accounts } = await client().call('getAccounts', { accountIds: [accountId] });
    return accounts.map(({ balance, held, availableBalance }) => [balance, held, availableBalance]);
  };
  const reserved = async (command: balanceV1.Command): Promise<string> =>
    reservationIn(await one(command)).reservationId;
  /** Chips of a new account on a table. */
  const buyIn = async (accountId: string, tableId: string, amount: bigint): Promise<void> => {
    await execute(wire.deposit(accountId, { amount }));
    const id = await reserved(wire.reserve(accountId, { amount, target: atTable(tableId) }));
    reservationIn(await one(wire.commit(id)));
  };
  const tableOf = (tableId: string) => client().call('getTable', { tableId, currency: '' });
  const escrowOf = async (tableId: string) => (await tableOf(tableId)).table?.escrow;

  describe('reservations', () => {
    it('hold funds, and are read as they are', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 100n }));
      const details = { ...NO_DETAILS, metadataJson: '{"b":1,"a":2}' };
      const target = atTable(`${alice}-table`);
      const outcome = await one(wire.reserve(alice, { amount: 60n, target, reference: 'seat 4', details }));
      const reservation = reservationIn(outcome);
      expect(reservation).toMatchObject({
        accountId: alice,
        currency: 'CHIPS',
        status: 'HELD',
        amount: 60n,
        captured: 0n,
        target,
        reference: 'seat 4',
        metadataJson: '{"a":2,"b":1}',
        resolvedAtMs: undefined,
        transactionId: '',
        balanceAfter: 100n,
        availableAfter: 40n,
      });
      expect(await read(alice)).toEqual([[100n, 60n, 40n]]);
      const { reservationId } = reservation;
      expect(await client().call('getReservation', { reservationId })).toEqual({ reservation });
      expect(refusalIn(await one(wire.withdraw(alice, { amount: 41n })))).toBe('INSUFFICIENT_BALANCE amount');
    });

    it('are committed whole, once, whoever asks again', async () => {
      const id = accountIds();
      const [alice, bob] = [id('alice'), id('bob')];
      await execute(wire.deposit(alice, { amount: 100n }), wire.deposit(bob, { amount: 1n }));
      const target = { $case: 'toAccountId', value: bob } as const;
      const reservationId = await reserved(wire.reserve(alice, { amount: 30n, target }));
      const [first, second] = await execute(wire.commit(reservationId), wire.commit(reservationId));
      const committed = reservationIn(first);
      expect(committed).toMatchObject({
        status: 'COMMITTED',
        captured: 30n,
        balanceAfter: 70n,
        availableAfter: 70n,
      });
      expect(reservationIn(second)).toEqual(committed);
      expect(reservationIn(await one(wire.commit(reservationId.toUpperCase())))).toEqual(committed);
      expect(await read(bob)).toEqual([[31n, 0n, 31n]]);
      const [reversal] = await execute(wire.reverse(committed.transactionId));
      expect(transactionIn(reversal).entries.map(({ accountId, amount }) => [accountId, amount])).toEqual([
        [alice, 30n],
        [bob, -30n],
      ]);
    });

    it('are committed in part, and the rest is released', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 100n }));
      const id = await reserved(wire.reserve(alice, { amount: 30n }));
      const outcomes = await execute(
        wire.commit(id, 31n),
        wire.commit(id, 10n),
        wire.commit(id, 10n),
        wire.commit(id, 11n),
        wire.commit(id),
        wire.release(id),
        wire.extend(id, 60),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'CAPTURE_EXCEEDS_HOLD amount',
        'reservation',
        'reservation',
        'ALREADY_COMMITTED amount',
        'reservation',
        'ALREADY_COMMITTED reservationId',
        'ALREADY_COMMITTED reservationId',
      ]);
      expect(await read(alice)).toEqual([[90n, 0n, 90n]]);
    });

    it('are released, and then neither committed nor extended', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 100n }));
      const id = await reserved(wire.reserve(alice, { amount: 30n }));
      const outcomes = await execute(
        wire.release(id),
        wire.release(id),
        wire.commit(id),
        wire.extend(id, 60),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'reservation',
        'reservation',
        'RESERVATION_NOT_HELD reservationId',
        'RESERVATION_NOT_HELD reservationId',
      ]);
      expect(reservationIn(outcomes[1])).toMatchObject({ status: 'RELEASED', availableAfter: 100n });
    });

    it('expire by the clock, are extended before that, and free the funds', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 100n }));
      const [gone, kept] = await execute(
        wire.reserve(alice, { amount: 30n, timeoutSeconds: 1 }),
        wire.reserve(alice, { amount: 20n, timeoutSeconds: 1 }),
      );
      const [goneId, keptId] = [reservationIn(gone).reservationId, reservationIn(kept).reservationId];
      const [extended] = await execute(wire.extend(keptId, 3_600));
      const { expiresAtMs } = reservationIn(extended);
      expect(expiresAtMs - reservationIn(kept).expiresAtMs).toBeGreaterThan(3_500_000n);
      await eventually(
        async () => {
          const { reservation } = await client().call('getReservation', { reservationId: goneId });
          expect(reservation).toMatchObject({ status: 'EXPIRED', resolvedAtMs: reservation?.expiresAtMs });
        },
        { timeoutMs: EXPIRY_TIMEOUT_MS },
      );
      expect(await read(alice)).toEqual([[100n, 20n, 80n]]);
      const outcomes = await execute(
        wire.commit(goneId),
        wire.extend(goneId, 60),
        wire.release(goneId),
        wire.commit(keptId),
        wire.withdraw(alice, { amount: 80n }),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'RESERVATION_EXPIRED reservationId',
        'RESERVATION_EXPIRED reservationId',
        'reservation',
        'reservation',
        'transaction',
      ]);
    });

    it('are replayed under their key and refused under it for anything else', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 100n }));
      const envelope = { key: `${alice}-key` };
      const first = await one(wire.reserve(alice, { amount: 5n }, envelope));
      const again = await one(wire.reserve(alice, { amount: 5n }, envelope));
      expect(again).toEqual({ ...first, replayed: true });
      expect(refusalIn(await one(wire.reserve(alice, { amount: 6n }, envelope)))).toBe(
        'IDEMPOTENCY_CONFLICT idempotencyKey',
      );
      expect(await read(alice)).toEqual([[100n, 5n, 95n]]);
    });

    it('that are only asked about hold nothing and have no steps', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 10n }));
      const asked = await one(wire.reserve(alice, { amount: 4n }, { isDryRun: true, key: '' }));
      expect(reservationIn(asked)).toMatchObject({ availableAfter: 6n });
      expect(await read(alice)).toEqual([[10n, 0n, 10n]]);
      expect(refusalIn(await one(wire.commit(reservationIn(asked).reservationId)))).toBe(
        'RESERVATION_NOT_FOUND reservationId',
      );
    });

    it('are refused without funds, account, receiver or sense', async () => {
      const id = accountIds();
      await execute(wire.deposit(id('alice'), { amount: 10n }), wire.open(id('eur'), { currency: 'EUR' }));
      const to = (value: string) => ({ target: { $case: 'toAccountId' as const, value } });
      const outcomes = await execute(
        wire.reserve(id('alice'), { amount: 11n }),
        wire.reserve(id('nobody')),
        wire.reserve(id('alice'), to(id('nobody'))),
        wire.reserve(id('alice'), to(id('eur'))),
        wire.reserve(id('alice'), { timeoutSeconds: 86_401 }),
        wire.commit('01890000-0000-7000-8000-000000000000'),
        wire.release("'; drop table"),
        wire.extend('', 60),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'INSUFFICIENT_BALANCE amount',
        'ACCOUNT_NOT_FOUND accountId',
        'ACCOUNT_NOT_FOUND to',
        'CURRENCY_MISMATCH to',
        'INVALID_REQUEST timeoutSeconds',
        'RESERVATION_NOT_FOUND reservationId',
        'RESERVATION_NOT_FOUND reservationId',
        'RESERVATION_NOT_FOUND reservationId',
      ]);
    });

    it('are listed newest first, page by page, by their status', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 100n }));
      const made = await execute(...Array.from({ length: 5 }, () => wire.reserve(alice)));
      const ids = made.map((outcome) => reservationIn(outcome).reservationId);
      await execute(wire.commit(ids[1] ?? ''), wire.release(ids[3] ?? ''));
      const list = async (over: Partial<balanceV1.ListReservationsRequest> = {}) => {
        const request = { accountId: alice, status: '', limit: 0, cursor: '', ...over };
        const { reservations, nextCursor } = await client().call('listReservations', request);
        return { ids: reservations.map(({ reservationId }) => reservationId), nextCursor };
      };
      expect(await list()).toEqual({ ids: ids.toReversed(), nextCursor: '' });
      const first = await list({ limit: 2 });
      expect(first.ids).toEqual([ids[4], ids[3]]);
      const second = await list({ limit: 3, cursor: first.nextCursor });
      expect(second).toEqual({ ids: [ids[2], ids[1], ids[0]], nextCursor: '' });
      expect((await list({ status: 'HELD' })).ids).toEqual([ids[4], ids[2], ids[0]]);
      expect((await list({ status: 'COMMITTED' })).ids).toEqual([ids[1]]);
      expect((await list({ status: 'RELEASED' })).ids).toEqual([ids[3]]);
      expect((await list({ status: 'EXPIRED' })).ids).toEqual([]);
      expect(await list({ status: 'HELD', limit: 1, cursor: first.nextCursor })).toMatchObject({
        ids: [ids[2]],
      });
    });

    it('are not found or not listed for what makes no sense', async () => {
      const list = (over: Partial<balanceV1.ListReservationsRequest>) =>
        client().call('listReservations', { accountId: 'nobody', status: '', limit: 0, cursor: '', ...over });
      await expect(list({})).rejects.toMatchObject({
        status: 'NOT_FOUND',
        message: expect.stringMatching(/^ACCOUNT_NOT_FOUND: /),
      });
      await expect(list({ limit: 501 })).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
      await expect(list({ status: 'held' })).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
      await expect(list({ accountId: '' })).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
      await expect(list({ cursor: 'x' })).rejects.toMatchObject({
        status: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^INVALID_CURSOR: /),
      });
      for (const reservationId of ['', 'x', '01890000-0000-7000-8000-000000000000']) {
        const missing = client().call('getReservation', { reservationId });
        await expect(missing).rejects.toMatchObject({ status: 'NOT_FOUND' });
      }
    });
  });

  describe('tables and pots', () => {
    it('take chips in, through a hand, and out again', async () => {
      const id = accountIds();
      const [alice, bob, tableId] = [id('alice'), id('bob'), id('table')];
      const pot = { tableId, handId: 'h1' };
      await buyIn(alice, tableId, 100n);
      await buyIn(bob, tableId, 100n);
      expect(await escrowOf(tableId)).toBe(200n);
      const outcomes = await execute(
        wire.contribute({ ...pot, seatId: 1, accountId: alice, amount: 2n, contributionType: 'BLIND' }),
        wire.contribute({ ...pot, seatId: 2, accountId: bob, amount: 50n, contributionType: 'RAISE' }),
        wire.contribute({ ...pot, seatId: 1, accountId: alice, amount: 28n, contributionType: 'CALL' }),
        wire.giveBack({ ...pot, seatId: 2, amount: 20n }),
      );
      const after = outcomes
        .map(potIn)
        .map(({ total, seatContribution, status }) => [total, seatContribution, status]);
      expect(after).toEqual([
        [2n, 2n, 'ACTIVE'],
        [52n, 50n, 'ACTIVE'],
        [80n, 30n, 'ACTIVE'],
        [60n, 30n, 'ACTIVE'],
      ]);
      expect(await client().call('getPot', pot)).toMatchObject({
        pot: {
          ...pot,
          currency: 'CHIPS',
          status: 'ACTIVE',
          total: 60n,
          seats: [
            { seatId: 1, accountId: alice, contributed: 30n, returned: 0n, won: 0n },
            { seatId: 2, accountId: bob, contributed: 50n, returned: 20n, won: 0n },
          ],
        },
      });
      const hands = [
        { seatId: 1, accountId: alice, rank: 2 },
        { seatId: 2, accountId: bob, rank: 1 },
      ];
      const payout = { $case: 'showdown', value: { hands } } as const;
      const settled = potIn(await one(wire.settle({ ...pot, payout, rake: 3n })));
      expect(settled).toMatchObject({
        status: 'SETTLED',
        rake: 3n,
        payouts: [{ seatId: 2, accountId: bob, amount: 57n, newBalance: 57n }],
      });
      expect(potIn(await one(wire.settle({ ...pot, payout, rake: 3n })))).toMatchObject({
        status: 'SETTLED',
        payouts: [],
      });
      expect(await escrowOf(tableId)).toBe(140n);
      const [out] = await execute(
        wire.cashOut({ accountId: bob, tableId, amount: 70n, seatId: 2, handId: 'h1' }),
      );
      const cashOut = transactionIn(out);
      expect([cashOut.type, cashOut.entries[0]?.balanceAfter]).toEqual(['CASH_OUT', 127n]);
      expect(JSON.parse(cashOut.metadataJson)).toEqual({ handId: 'h1', seatId: 2, tableId });
    });

    it('pay winners that do not exist yet, in proportion to the pot', async () => {
      const id = accountIds();
      const [alice, tableId] = [id('alice'), id('table')];
      const pot = { tableId, handId: 'h1' };
      await buyIn(alice, tableId, 10n);
      await execute(wire.contribute({ ...pot, accountId: alice, amount: 10n }));
      const winners = [
        { seatId: 5, accountId: id('carol'), amount: 1n },
        { seatId: 1, accountId: alice, amount: 2n },
      ];
      const settle = wire.settle({ ...pot, payout: { $case: 'winners', value: { winners } } });
      const [first, replayed] = [await one(settle), await one(settle)];
      expect(
        potIn(first).payouts.map(({ seatId, amount, newBalance }) => [seatId, amount, newBalance]),
      ).toEqual([
        [1, 7n, 7n],
        [5, 3n, 3n],
      ]);
      expect(replayed).toEqual({ ...first, replayed: true });
    });

    it('return everything from a cancelled pot, once', async () => {
      const id = accountIds();
      const pot = { tableId: id('table'), handId: 'h1' };
      await buyIn(id('alice'), pot.tableId, 10n);
      const winners = [{ seatId: 1, accountId: id('alice'), amount: 10n }];
      const outcomes = await execute(
        wire.contribute({ ...pot, accountId: id('alice'), amount: 10n }),
        wire.contribute({ ...pot, accountId: id('alice'), amount: 1n }),
        wire.giveBack({ ...pot, amount: 11n }),
        wire.cancel(pot),
        wire.cancel(pot),
        wire.contribute({ ...pot, accountId: id('alice'), amount: 1n }),
        wire.settle({ ...pot, payout: { $case: 'winners', value: { winners } } }),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'pot',
        'INSUFFICIENT_ESCROW amount',
        'RETURN_EXCEEDS_CONTRIBUTION amount',
        'pot',
        'pot',
        'POT_NOT_ACTIVE handId',
        'POT_NOT_ACTIVE handId',
      ]);
      expect(await escrowOf(pot.tableId)).toBe(10n);
    });

    it('let through what chips do not cover under observe, and count it', async () => {
      const id = accountIds();
      const tableId = id('table');
      await buyIn(id('alice'), tableId, 10n);
      const cashOut = () => wire.cashOut({ accountId: id('alice'), tableId, amount: 15n });
      const outcomes = await execute(
        cashOut(),
        wire.policy(tableId, 'observe'),
        cashOut(),
        wire.policy(tableId, 'strict'),
      );
      expect(outcomes.map(refusalIn)).toEqual([
        'INSUFFICIENT_ESCROW amount',
        'account',
        'transaction',
        'LIMIT_BELOW_USAGE escrowPolicy',
      ]);
      expect(JSON.parse(transactionIn(outcomes[2]).metadataJson)).toEqual({ tableId, inflation: '5' });
      expect(await tableOf(tableId)).toEqual({
        table: { tableId, currency: 'CHIPS', escrow: -5n, escrowPolicy: 'observe', inflation: 5n },
      });
    });

    it('are not found before anybody was there', async () => {
      const unknown = { tableId: 'no-such-table', handId: 'h' };
      const outcomes = await execute(
        wire.cancel(unknown),
        wire.settle({ ...unknown, payout: { $case: 'winners', value: { winners: [] } } }),
        wire.giveBack(unknown),
      );
      expect(new Set(outcomes.map(refusalIn))).toEqual(new Set(['POT_NOT_FOUND handId']));
      const getPot = (key: typeof unknown) => client().call('getPot', key);
      await expect(getPot(unknown)).rejects.toMatchObject({ status: 'NOT_FOUND' });
      await expect(tableOf('no-such-table')).rejects.toMatchObject({ status: 'NOT_FOUND' });
      await expect(getPot({ ...unknown, tableId: '@t' })).rejects.toMatchObject({
        status: 'INVALID_ARGUMENT',
      });
      const badCurrency = client().call('getTable', { tableId: 't', currency: 'a\0' });
      await expect(badCurrency).rejects.toMatchObject({
        status: 'INVALID_ARGUMENT',
      });
    });
  });
}
