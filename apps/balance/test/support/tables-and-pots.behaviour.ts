import { describe, expect, it } from '@jest/globals';
import type { BalanceCalls } from './balance-calls.js';
import { accountIds } from './commands.js';
import { potIn, refusalIn, reservationIn, transactionIn, wire } from './wire.js';

/** What the service promises about tables and the pots of their hands. */
export function describeTablesAndPots({ client, execute, one }: BalanceCalls): void {
  /** Chips of a new account on a table. */
  const buyIn = async (accountId: string, tableId: string, amount: bigint): Promise<void> => {
    await execute(wire.deposit(accountId, { amount }));
    const target = { $case: 'tableId' as const, value: tableId };
    const { reservationId } = reservationIn(await one(wire.reserve(accountId, { amount, target })));
    reservationIn(await one(wire.commit(reservationId)));
  };
  const tableOf = (tableId: string) => client().call('getTable', { tableId, currency: '' });
  const escrowOf = async (tableId: string) => (await tableOf(tableId)).table?.escrow;

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
