import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';
import { openPokerHouse, type PokerHouse } from './support/poker-house.js';
import type { Reply } from './support/poker-process.js';

/** Longer than a process takes to be back on a busy machine, and the client to notice. */
const SETTLE = { timeoutMs: 120_000, intervalMs: 50 };
/** So short that a test can wait for a hold to run out. */
const SHORT_HOLDS = { RESERVATION_TIMEOUT_MS: '1000' };
/** So short that a test can wait until the poker table does not wait any more. */
const IMPATIENT = { PLATFORM_DEADLINE_MS: '3000' };

describe('the poker table of the examples, when something dies', () => {
  let house: PokerHouse;
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => house.close());
  const database = useDatabase();
  beforeAll(async () => {
    house = await openPokerHouse({ DATABASE_URL: database.url });
  });
  afterEach(() => house.relay.mend());

  async function twoPlayers(tableId: string): Promise<string> {
    await house.fund(`${tableId}-a`, `${tableId}-b`);
    await house.openTable(tableId);
    expect((await house.join(tableId, `${tableId}-a`, 1)).status).toBe(200);
    expect((await house.join(tableId, `${tableId}-b`, 2)).status).toBe(200);
    return `/tables/${tableId}`;
  }

  const startHand = async (path: string): Promise<string> =>
    `${path}/hands/${(await house.poker.post(`${path}/hands`)).body.handId}`;

  async function plays(hand: string, ...moves: readonly object[]): Promise<readonly Reply[]> {
    const replies: Reply[] = [];
    for (const move of moves) replies.push(await house.poker.post(`${hand}/actions`, move));
    expect(replies.map(({ status }) => status)).toEqual(moves.map(() => 200));
    return replies;
  }

  const seatsAt = async (path: string): Promise<readonly object[]> =>
    (await house.poker.get(path)).body.seats;

  /** The request is given up with the process that it was sent to. */
  async function killAt(cutOff: Promise<void>, request: Promise<Reply>): Promise<void> {
    const failed = expect(request).rejects.toThrow('fetch failed');
    await cutOff;
    await house.poker.kill9();
    await failed;
    house.relay.mend();
  }

  it('plays a hand to its end without the platform, which is told everything when it is back', async () => {
    const path = await twoPlayers('outage');
    await house.fund('newcomer');
    const hand = await startHand(path);
    await plays(hand, { seat: 1, action: 'raise', amount: 30 });

    await house.balance.kill9();
    const away = await plays(
      hand,
      { seat: 2, action: 'call' },
      { seat: 2, action: 'bet', amount: 50 },
      { seat: 1, action: 'raise', amount: 170 },
      { seat: 2, action: 'call' },
    );
    expect(away.map(({ body }) => body.money)).toEqual(away.map(() => 'journalled'));
    expect(await house.join('outage', 'newcomer', 3)).toMatchObject({
      status: 503,
      body: { error: 'PLATFORM_UNAVAILABLE' },
    });
    const winners = [{ seat: 2, amount: 400 }];
    const shown = await house.poker.post(`${hand}/showdown`, { winners });
    expect(shown).toMatchObject({ status: 200, body: { money: 'journalled', payouts: [] } });
    expect(await house.poker.post(`${path}/leave`, { userId: 'outage-b' })).toMatchObject({ status: 503 });
    expect(await seatsAt(path)).toMatchObject([{ stack: 0 }, { stack: 0 }]);

    await house.balance.restart();
    await eventually(async () => {
      expect((await house.poker.get('/health')).body).toEqual({ platform: 'closed', journalled: 0 });
    }, SETTLE);
    expect(await house.account('outage-a')).toEqual([800n, 0n]);
    expect(await house.account('outage-b')).toEqual([1_200n, 0n]);
    expect(await house.escrow('outage')).toBe(0n);
    expect(await house.platform.tables.pot('outage', hand.split('/').at(-1) ?? '')).toMatchObject({
      value: { status: 'SETTLED', total: 400n },
    });
    expect(house.poker.logs()).not.toContain('discrepancy');
    expect((await house.poker.post(`${path}/leave`, { userId: 'outage-b' })).status).toBe(200);
    await eventually(async () => expect(await house.account('newcomer')).toEqual([1_000n, 0n]), SETTLE);
  });

  it('goes on where it was when both die in the middle of a hand', async () => {
    const path = await twoPlayers('both');
    const hand = await startHand(path);
    await house.balance.kill9();
    await plays(hand, { seat: 1, action: 'all-in' });
    await house.poker.kill9();
    await house.poker.restart();
    await plays(hand, { seat: 2, action: 'call' });
    await house.balance.restart();
    await house.poker.post(`${hand}/showdown`, { winners: [{ seat: 1, amount: 400 }] });
    await eventually(async () => expect(await house.account('both-a')).toEqual([1_200n, 0n]), SETTLE);
    expect(await house.account('both-b')).toEqual([800n, 0n]);
    expect(await house.escrow('both')).toBe(0n);
  });

  it('reports a bet that the platform refuses when it hears of it', async () => {
    const path = await twoPlayers('differs');
    const hand = await startHand(path);
    await house.fund('taker');
    await house.platform.tables.cashOut({ tableId: 'differs', accountId: 'taker', amount: 385n });
    await house.balance.kill9();
    await plays(hand, { seat: 1, action: 'raise', amount: 60 });
    await house.balance.restart();
    await eventually(() => house.poker.logs().includes('"discrepancy"'), SETTLE);
    expect(house.poker.logs()).toContain('INSUFFICIENT_ESCROW');
    expect((await house.poker.get(path)).body.hand).toMatchObject({ pot: 70 });
  });

  it('releases the hold of a join that it did not live to see answered', async () => {
    await house.fund('unseated');
    await house.openTable('unseated');
    const cutOff = house.relay.cut('reserve', 'after');
    await killAt(cutOff, house.join('unseated', 'unseated', 1));
    expect(await house.account('unseated')).toEqual([1_000n, 200n]);

    await house.poker.restart();
    await eventually(async () => expect(await house.account('unseated')).toEqual([1_000n, 0n]), SETTLE);
    expect(await house.platform.reservations.list({ accountId: 'unseated' })).toMatchObject({
      value: { reservations: [{ status: 'RELEASED' }] },
    });
    expect(await seatsAt('/tables/unseated')).toEqual([]);
    expect(await house.join('unseated', 'unseated', 1)).toMatchObject({ status: 200 });
  });

  it('completes a join that it died in between hold and commit', async () => {
    await house.fund('between');
    await house.openTable('between');
    const cutOff = house.relay.cut('commitReservation', 'before');
    await killAt(cutOff, house.join('between', 'between', 1));
    expect(await house.account('between')).toEqual([1_000n, 200n]);

    await house.poker.restart();
    await eventually(async () => {
      expect(await seatsAt('/tables/between')).toMatchObject([{ seat: 1, stack: 200, underWay: null }]);
    }, SETTLE);
    expect(await house.account('between')).toEqual([800n, 0n]);
    expect(await house.escrow('between')).toBe(200n);
  });

  it('does not buy in twice when it died before it heard of the commit', async () => {
    await house.fund('unheard');
    await house.openTable('unheard');
    const cutOff = house.relay.cut('commitReservation', 'after');
    await killAt(cutOff, house.join('unheard', 'unheard', 1));
    expect(await house.account('unheard')).toEqual([800n, 0n]);

    await house.poker.restart();
    await eventually(async () => {
      expect(await seatsAt('/tables/unheard')).toMatchObject([{ seat: 1, stack: 200, underWay: null }]);
    }, SETTLE);
    expect(await house.account('unheard')).toEqual([800n, 0n]);
    expect(await house.escrow('unheard')).toBe(200n);
  });

  it('pays a cash-out once whose answer it did not live to see', async () => {
    const path = await twoPlayers('leaving');
    const cutOff = house.relay.cut('cashOut', 'after');
    await killAt(cutOff, house.poker.post(`${path}/leave`, { userId: 'leaving-a' }));
    expect(await house.account('leaving-a')).toEqual([1_000n, 0n]);

    await house.poker.restart();
    await eventually(
      async () => expect(await seatsAt(path)).toMatchObject([{ seat: 2, stack: 200 }]),
      SETTLE,
    );
    expect(await house.account('leaving-a')).toEqual([1_000n, 0n]);
    expect(await house.escrow('leaving')).toBe(200n);
  });

  it('keeps the chips at the seat while it is not known whether they were paid out', async () => {
    const path = await twoPlayers('unsure');
    await house.poker.restart(IMPATIENT);
    const cutOff = house.relay.cut('cashOut', 'after');
    const leaving = house.poker.post(`${path}/leave`, { userId: 'unsure-a' });
    await cutOff;
    expect(await leaving).toMatchObject({ status: 503 });
    expect(await seatsAt(path)).toMatchObject([{ stack: 200, underWay: 'cash-out' }, { stack: 200 }]);
    house.relay.mend();
    await eventually(async () => expect(await seatsAt(path)).toHaveLength(1), SETTLE);
    expect(await house.account('unsure-a')).toEqual([1_000n, 0n]);
    expect(await house.escrow('unsure')).toBe(200n);
    await house.poker.restart();
  });

  it.each(['before', 'after'] as const)(
    'pays a bet once when it died right %s the platform saw it',
    async (where) => {
      const tableId = `bet-${where}`;
      const path = await twoPlayers(tableId);
      const hand = await startHand(path);
      const cutOff = house.relay.cut('contribute', where);
      await killAt(cutOff, house.poker.post(`${hand}/actions`, { seat: 1, action: 'raise', amount: 60 }));

      await house.poker.restart();
      await eventually(async () => expect(await house.escrow(tableId)).toBe(330n), SETTLE);
      expect((await house.poker.get(path)).body).toMatchObject({
        seats: [{ stack: 140 }, { stack: 190 }],
        hand: { pot: 70, turn: 2 },
      });
      const [end] = await plays(hand, { seat: 2, action: 'fold' });
      expect(end?.body.payouts).toMatchObject([{ seat: 1, amount: 20 }]);
      expect(await house.escrow(tableId)).toBe(380n);
      expect(await house.account(`${tableId}-a`)).toEqual([820n, 0n]);
    },
  );

  it('pays a pot once when it died before it heard of the settlement', async () => {
    const path = await twoPlayers('settled');
    const hand = await startHand(path);
    const cutOff = house.relay.cut('settlePot', 'after');
    await killAt(cutOff, house.poker.post(`${hand}/actions`, { seat: 1, action: 'fold' }));
    await house.poker.restart();
    await eventually(async () => expect((await house.poker.get(path)).body.hand).toBeNull(), SETTLE);
    await startHand(path);
    expect(await house.account('settled-b')).toEqual([810n, 0n]);
    expect(await house.escrow('settled')).toBe(375n);
  });

  // The last one: from here on holds are short.
  it('clears the seat when the hold ran out before it was back', async () => {
    await house.fund('too-late');
    await house.openTable('too-late');
    await house.balance.restart(SHORT_HOLDS);
    // Refused by the platform: the poker table has found it again.
    await eventually(async () => {
      expect(await house.join('too-late', 'nobody', 2)).toMatchObject({ status: 409 });
    }, SETTLE);
    const cutOff = house.relay.cut('commitReservation', 'before');
    await killAt(cutOff, house.join('too-late', 'too-late', 1));
    await eventually(async () => {
      expect(await house.platform.reservations.list({ accountId: 'too-late' })).toMatchObject({
        value: { reservations: [{ status: 'EXPIRED' }] },
      });
    }, SETTLE);

    await house.poker.restart();
    await eventually(async () => expect(await seatsAt('/tables/too-late')).toEqual([]), SETTLE);
    expect(await house.account('too-late')).toEqual([1_000n, 0n]);
    expect(await house.escrow('too-late')).toBe(0n);
  });
});
