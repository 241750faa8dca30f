import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SteelyardClient } from '@steelyard/client';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { eventually } from '@steelyard/testing/wait';
import { clientOf, TRANSPORTS } from './support/both-transports.js';
import { found, granted, refusal } from './support/results.js';

describe('holds, tables and pots through the client', () => {
  const database = useDatabase();
  let platform: RunningPlatform;

  beforeAll(async () => {
    const env = { DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
    platform = await startPlatform({ apps: ['balance', 'ledger', 'gateway'], env });
  });
  afterAll(() => platform.stop());

  describe.each(TRANSPORTS)('over %s', (transport) => {
    let client: SteelyardClient;
    let names = 0;
    const fresh = (what: string): string => `${transport}-${what}-${names++}`;

    beforeAll(async () => {
      client = await clientOf(platform, transport);
    });
    afterAll(() => client.close());

    async function rich(amount = 100n): Promise<string> {
      const accountId = fresh('player');
      granted(await client.accounts.deposit({ accountId, amount }));
      return accountId;
    }

    async function seated(amount = 100n): Promise<{ accountId: string; tableId: string }> {
      const [accountId, tableId] = [await rich(amount), fresh('table')];
      granted(await client.tables.buyIn({ accountId, tableId, amount }));
      return { accountId, tableId };
    }

    it('holds, and commits a part', async () => {
      const [accountId, to] = [await rich(), await rich()];
      const input = {
        accountId,
        amount: 40n,
        to,
        timeoutSeconds: 60,
        reference: 'order',
        metadata: { n: 1 },
      };
      const held = granted(await client.reservations.reserve(input)).value;
      expect(held).toMatchObject({
        accountId,
        status: 'HELD',
        amount: 40n,
        captured: 0n,
        to,
        reference: 'order',
        balanceAfter: 100n,
        availableAfter: 60n,
      });
      expect(held.metadata).toMatchObject({ n: 1 });
      expect(held.expiresAt.getTime() - held.createdAt.getTime()).toBe(60_000);
      expect(held).not.toHaveProperty('tableId');
      expect(held).not.toHaveProperty('resolvedAt');
      expect(held).not.toHaveProperty('transactionId');
      const { reservationId } = held;
      const committed = granted(await client.reservations.commit({ reservationId, amount: 30n })).value;
      expect(committed).toMatchObject({
        reservationId,
        status: 'COMMITTED',
        captured: 30n,
        transactionId: expect.any(String),
        resolvedAt: expect.any(Date),
        balanceAfter: 70n,
        availableAfter: 70n,
      });
      expect(found(await client.reservations.get(reservationId))).toMatchObject({ status: 'COMMITTED' });
      expect(found(await client.accounts.balance(to)).balance).toBe(130n);
    });

    it('releases, extends and lists', async () => {
      const accountId = await rich();
      const reserve = async (amount: bigint) =>
        granted(await client.reservations.reserve({ accountId, amount })).value.reservationId;
      const [first, second] = [await reserve(10n), await reserve(20n)];
      const release = { reservationId: first, reason: 'left' };
      expect(granted(await client.reservations.release(release)).value.status).toBe('RELEASED');
      expect(granted(await client.reservations.release(release)).value.status).toBe('RELEASED');
      const extended = granted(
        await client.reservations.extend({ reservationId: second, timeoutSeconds: 3_600 }),
      );
      expect(extended.value.expiresAt.getTime()).toBeGreaterThan(Date.now() + 1_800_000);
      const page = found(await client.reservations.list({ accountId, limit: 1 }));
      expect(page.reservations.map(({ reservationId }) => reservationId)).toEqual([second]);
      const rest = found(await client.reservations.list({ accountId, limit: 1, cursor: page.nextCursor }));
      expect(rest.reservations.map(({ reservationId }) => reservationId)).toEqual([first]);
      const held = found(await client.reservations.list({ accountId, status: 'HELD' }));
      expect(held.reservations).toHaveLength(1);
      expect(held).not.toHaveProperty('nextCursor');
    });

    it('is refused what a hold does not allow', async () => {
      const accountId = await rich(10n);
      const reserve = (amount: bigint) => client.reservations.reserve({ accountId, amount });
      expect(refusal(await reserve(11n)).code).toBe('INSUFFICIENT_BALANCE');
      const { reservationId } = granted(await reserve(10n)).value;
      const { commit, release } = {
        commit: (amount?: bigint) => client.reservations.commit({ reservationId, amount }),
        release: () => client.reservations.release({ reservationId }),
      };
      expect(refusal(await commit(11n)).code).toBe('CAPTURE_EXCEEDS_HOLD');
      const committed = granted(await commit()).value;
      expect(granted(await commit()).value).toEqual(committed);
      expect(refusal(await commit(9n)).code).toBe('ALREADY_COMMITTED');
      expect(refusal(await release()).code).toBe('ALREADY_COMMITTED');
      const nobody = '0192a7c4-1f00-7003-8000-000000000100';
      expect(refusal(await client.reservations.get(nobody)).code).toBe('RESERVATION_NOT_FOUND');
      const lost = await client.reservations.commit({ reservationId: nobody });
      expect(refusal(lost).code).toBe('RESERVATION_NOT_FOUND');
      const twofold = { accountId, amount: 1n, to: 'a', tableId: 'b' };
      expect(refusal(await client.reservations.reserve(twofold)).field).toBe('tableId');
      const endless = { accountId, amount: 1n, timeoutSeconds: 90_000 };
      expect(refusal(await client.reservations.reserve(endless)).code).toBe('INVALID_REQUEST');
    });

    it('buys in and cashes out', async () => {
      const { accountId, tableId } = await seated(60n);
      expect(found(await client.tables.table(tableId))).toEqual({
        tableId,
        currency: 'CHIPS',
        escrow: 60n,
        escrowPolicy: 'strict',
        inflation: 0n,
      });
      const out = granted(
        await client.tables.cashOut({ tableId, accountId, amount: 25n, seatId: 3, handId: 'hand-1' }),
      );
      expect(out.value).toMatchObject({ type: 'CASH_OUT', accountId, amount: 25n, balanceAfter: 25n });
      expect(refusal(await client.tables.cashOut({ tableId, accountId, amount: 36n })).code).toBe(
        'INSUFFICIENT_ESCROW',
      );
    });

    it('buys in once under one key', async () => {
      const [accountId, tableId] = [await rich(), fresh('table')];
      const options = { idempotencyKey: fresh('buy-in').repeat(10) };
      const first = granted(await client.tables.buyIn({ accountId, tableId, amount: 60n }, options));
      const again = granted(await client.tables.buyIn({ accountId, tableId, amount: 60n }, options));
      expect(again).toEqual({ ...first, replayed: true });
      expect(first).toMatchObject({
        replayed: false,
        value: { status: 'COMMITTED', captured: 60n, tableId },
      });
      expect(found(await client.tables.table(tableId)).escrow).toBe(60n);
    });

    it('finishes a buy-in whose first hold ran out between its two steps', async () => {
      const [accountId, tableId] = [await rich(), fresh('table')];
      const idempotencyKey = fresh('buy-in');
      const input = { accountId, tableId, amount: 60n };
      // What a crash between the steps leaves behind, but for a shorter time.
      const held = granted(await client.reservations.reserve(input, { idempotencyKey })).value;
      await client.reservations.extend({ reservationId: held.reservationId, timeoutSeconds: 1 });
      await eventually(
        async () => found(await client.reservations.get(held.reservationId)).status === 'EXPIRED',
      );
      const bought = granted(await client.tables.buyIn(input, { idempotencyKey }));
      expect(bought).toMatchObject({ replayed: false, value: { status: 'COMMITTED' } });
      const again = granted(await client.tables.buyIn(input, { idempotencyKey }));
      expect(again).toEqual({ ...bought, replayed: true });
      expect(found(await client.tables.table(tableId)).escrow).toBe(60n);
      expect(found(await client.accounts.balance(accountId)).balance).toBe(40n);
    });

    it('plays a hand to its settlement', async () => {
      const { accountId, tableId } = await seated();
      const hand = { tableId, handId: fresh('hand') };
      const other = await rich();
      granted(await client.tables.buyIn({ accountId: other, tableId, amount: 100n }));
      const bet = { ...hand, seatId: 1, accountId, amount: 30n, type: 'BET' } as const;
      expect(granted(await client.tables.contribute(bet)).value).toMatchObject({
        ...hand,
        status: 'ACTIVE',
        total: 30n,
        seatContribution: 30n,
        rake: 0n,
        payouts: [],
        transactionId: expect.any(String),
      });
      const call = { ...hand, seatId: 2, accountId: other, amount: 20n, type: 'CALL' } as const;
      granted(await client.tables.contribute(call));
      const uncalled = await client.tables.returnContribution({ ...hand, seatId: 1, amount: 10n });
      expect(granted(uncalled).value).toMatchObject({ total: 40n, seatContribution: 20n });
      const winners = [{ seatId: 2, accountId: other, amount: 38n }];
      const settled = granted(await client.tables.settle({ ...hand, winners, rake: 2n })).value;
      expect(settled).toMatchObject({
        status: 'SETTLED',
        rake: 2n,
        payouts: [{ seatId: 2, accountId: other, amount: 38n, newBalance: 38n }],
      });
      expect(found(await client.tables.pot(tableId, hand.handId))).toMatchObject({
        ...hand,
        currency: 'CHIPS',
        status: 'SETTLED',
        seats: [
          { seatId: 1, accountId, contributed: 30n, returned: 10n, won: 0n },
          { seatId: 2, accountId: other, contributed: 20n, returned: 0n, won: 38n },
        ],
        createdAt: expect.any(Date),
      });
      expect(granted(await client.tables.settle({ ...hand, winners })).value.payouts).toEqual([]);
    });

    it('settles by the hands that were shown', async () => {
      const { accountId, tableId } = await seated();
      const hand = { tableId, handId: fresh('hand') };
      granted(await client.tables.contribute({ ...hand, seatId: 1, accountId, amount: 30n, type: 'ANTE' }));
      const showdown = [{ seatId: 1, accountId, rank: 1 }];
      const settled = granted(await client.tables.settle({ ...hand, showdown })).value;
      expect(settled.payouts).toMatchObject([{ seatId: 1, amount: 30n }]);
    });

    it('cancels a hand, again and again', async () => {
      const { accountId, tableId } = await seated();
      const hand = { tableId, handId: fresh('hand') };
      granted(await client.tables.contribute({ ...hand, seatId: 1, accountId, amount: 30n, type: 'BLIND' }));
      const cancel = { ...hand, reason: 'misdeal' };
      expect(granted(await client.tables.cancel(cancel)).value.status).toBe('CANCELLED');
      expect(granted(await client.tables.cancel(cancel)).value.status).toBe('CANCELLED');
      expect(found(await client.tables.table(tableId)).escrow).toBe(100n);
      expect(
        refusal(await client.tables.settle({ ...hand, winners: [{ seatId: 1, accountId, amount: 1n }] }))
          .code,
      ).toBe('POT_NOT_ACTIVE');
    });

    it('knows which pots and tables there are none of', async () => {
      expect(refusal(await client.tables.pot('no-table', 'no-hand')).code).toBe('POT_NOT_FOUND');
      expect(refusal(await client.tables.table('no-table')).code).toBe('TABLE_NOT_FOUND');
      const lost = await client.tables.cancel({ tableId: 'no-table', handId: 'no-hand' });
      expect(refusal(lost).code).toBe('POT_NOT_FOUND');
    });

    it('sets what happens to chips that are not there', async () => {
      const { accountId, tableId } = await seated(10n);
      const policy = { tableId, escrowPolicy: 'observe' } as const;
      expect(granted(await client.tables.setPolicy(policy)).value).toEqual(policy);
      granted(await client.tables.cashOut({ tableId, accountId, amount: 15n }));
      expect(found(await client.tables.table(tableId))).toMatchObject({ escrow: -5n, inflation: 5n });
    });
  });
});
