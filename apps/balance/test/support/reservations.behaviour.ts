import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { eventually } from '@steelyard/testing/wait';
import type { BalanceCalls } from './balance-calls.js';
import { accountIds } from './commands.js';
import { NO_DETAILS, refusalIn, reservationIn, transactionIn, wire } from './wire.js';

/** What the service promises about held funds. */
export function describeReservations({ client, execute, one, read }: BalanceCalls): void {
  const reserved = async (command: balanceV1.Command): Promise<string> =>
    reservationIn(await one(command)).reservationId;
  const funds = async (accountId: string) =>
    (await read(accountId)).map(({ balance, held, availableBalance }) => [balance, held, availableBalance]);

  describe('reservations', () => {
    it('hold funds, and are read as they are', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 100n }));
      const details = { ...NO_DETAILS, metadataJson: '{"b":1,"a":2}' };
      const target = { $case: 'tableId', value: `${alice}-table` } as const;
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
      expect(await funds(alice)).toEqual([[100n, 60n, 40n]]);
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
      expect(await funds(bob)).toEqual([[31n, 0n, 31n]]);
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
      expect(await funds(alice)).toEqual([[90n, 0n, 90n]]);
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
      const goneId = await reserved(wire.reserve(alice, { amount: 30n, timeoutSeconds: 1 }));
      const keptId = await eventually(async () => {
        const kept = reservationIn(await one(wire.reserve(alice, { amount: 20n, timeoutSeconds: 1 })));
        // Unless it is over by then: another one is tried.
        const extended = reservationIn(await one(wire.extend(kept.reservationId, 3_600)));
        expect(extended.expiresAtMs - kept.expiresAtMs).toBeGreaterThan(3_500_000n);
        return kept.reservationId;
      });
      await eventually(async () => {
        const { reservation } = await client().call('getReservation', { reservationId: goneId });
        expect(reservation).toMatchObject({ status: 'EXPIRED', resolvedAtMs: reservation?.expiresAtMs });
      });
      expect(await funds(alice)).toEqual([[100n, 20n, 80n]]);
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
      expect(await funds(alice)).toEqual([[100n, 5n, 95n]]);
    });

    it('that are only asked about hold nothing and have no steps', async () => {
      const alice = accountIds()('alice');
      await execute(wire.deposit(alice, { amount: 10n }));
      const asked = await one(wire.reserve(alice, { amount: 4n }, { isDryRun: true, key: '' }));
      expect(reservationIn(asked)).toMatchObject({ availableAfter: 6n });
      expect(await funds(alice)).toEqual([[10n, 0n, 10n]]);
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
}
