import { useDatabase } from '@steelyard/testing/postgres';
import { openPokerHouse, type PokerHouse } from './support/poker-house.js';
import type { Reply } from './support/poker-process.js';

describe('the poker table of the examples', () => {
  let house: PokerHouse;
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(() => house.close());
  const database = useDatabase();
  beforeAll(async () => {
    house = await openPokerHouse({ DATABASE_URL: database.url });
  });

  /** A table of this name, and two players with 200 chips each: `<table>-a` at seat 1, `<table>-b` at seat 2. */
  async function twoPlayers(tableId: string, more: object = {}): Promise<string> {
    await house.fund(`${tableId}-a`, `${tableId}-b`);
    await house.openTable(tableId);
    await house.join(tableId, `${tableId}-a`, 1, more);
    await house.join(tableId, `${tableId}-b`, 2, more);
    return `/tables/${tableId}`;
  }

  async function startHand(path: string): Promise<string> {
    const started = await house.poker.post(`${path}/hands`);
    expect(started).toMatchObject({ status: 201, body: { money: 'booked', aborted: null } });
    return `${path}/hands/${started.body.handId}`;
  }

  async function plays(hand: string, ...moves: readonly object[]) {
    const replies: Reply[] = [];
    for (const move of moves) replies.push(await house.poker.post(`${hand}/actions`, move));
    for (const reply of replies) expect(reply).toMatchObject({ status: 200, body: { aborted: null } });
    return replies.at(-1)?.body;
  }

  const stacksAt = async (path: string): Promise<readonly number[]> =>
    (await house.poker.get(path)).body.seats.map(({ stack }) => stack);

  it('moves a buy-in from the account to the table', async () => {
    await house.fund('ann');
    await house.openTable('buy-in');
    const joined = await house.join('buy-in', 'ann', 3);
    expect(joined).toMatchObject({ status: 200, body: { seat: 3, amount: 200 } });
    expect(joined.body.table.seats).toEqual([
      { seat: 3, userId: 'ann', stack: 200, autoTopUp: false, underWay: null },
    ]);
    expect(await house.account('ann')).toEqual([800n, 0n]);
    expect(await house.escrow('buy-in')).toBe(200n);
  });

  it('gives the hold back when the seat is taken', async () => {
    await twoPlayers('taken');
    await house.fund('late');
    const refused = await house.join('taken', 'late', 2);
    expect(refused).toMatchObject({ status: 409, body: { error: 'SEAT_TAKEN', by: 'table' } });
    expect(await house.account('late')).toEqual([1_000n, 0n]);
    expect(await house.escrow('taken')).toBe(400n);
    expect(await house.platform.reservations.list({ accountId: 'late' })).toMatchObject({
      value: { reservations: [{ status: 'RELEASED', amount: 200n }] },
    });
  });

  it('seats one of many who want the same seat, and holds nothing of the others', async () => {
    const players = ['r1', 'r2', 'r3', 'r4', 'r5'];
    await house.fund(...players);
    await house.openTable('race');
    const replies = await Promise.all(players.map((player) => house.join('race', player, 1)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    const accounts = await Promise.all(players.map((player) => house.account(player)));
    expect(accounts.toSorted()).toEqual([
      [1_000n, 0n],
      [1_000n, 0n],
      [1_000n, 0n],
      [1_000n, 0n],
      [800n, 0n],
    ]);
    expect(await house.escrow('race')).toBe(200n);
  });

  it('seats nobody who cannot pay', async () => {
    await house.openTable('poor');
    await house.platform.accounts.open({ accountId: 'poor', initialBalance: 199n });
    expect(await house.join('poor', 'poor', 1)).toMatchObject({
      status: 409,
      body: { error: 'INSUFFICIENT_BALANCE', by: 'platform' },
    });
    expect(await house.join('poor', 'nobody', 1)).toMatchObject({
      status: 409,
      body: { error: 'ACCOUNT_NOT_FOUND' },
    });
    expect(await stacksAt('/tables/poor')).toEqual([]);
  });

  it('pays the stack out before it clears the seat', async () => {
    const path = await twoPlayers('cash-out');
    const left = await house.poker.post(`${path}/leave`, { userId: 'cash-out-a' });
    expect(left).toMatchObject({ status: 200, body: { seat: 1, amount: 200 } });
    expect(await house.account('cash-out-a')).toEqual([1_000n, 0n]);
    expect(await house.escrow('cash-out')).toBe(200n);
    expect(await stacksAt(path)).toEqual([200]);
    expect(await house.poker.post(`${path}/leave`, { userId: 'cash-out-a' })).toMatchObject({
      status: 404,
      body: { error: 'SEAT_EMPTY' },
    });
  });

  it('pays a pot to the account of the only one who did not fold, and not to the stack as well', async () => {
    const path = await twoPlayers('fold-out');
    const hand = await startHand(path);
    const end = await plays(hand, { seat: 1, action: 'raise', amount: 100 }, { seat: 2, action: 'fold' });
    expect(end?.payouts).toEqual([{ seat: 1, userId: 'fold-out-a', amount: 20, newBalance: 820 }]);
    expect(await stacksAt(path)).toEqual([190, 190]);
    expect(await house.escrow('fold-out')).toBe(380n);
    for (const player of ['a', 'b'])
      await house.poker.post(`${path}/leave`, { userId: `fold-out-${player}` });
    expect(await house.account('fold-out-a')).toEqual([1_010n, 0n]);
    expect(await house.account('fold-out-b')).toEqual([990n, 0n]);
    expect(await house.escrow('fold-out')).toBe(0n);
  });

  it('settles at the showdown what the winners are given', async () => {
    const path = await twoPlayers('showdown');
    const hand = await startHand(path);
    await plays(hand, { seat: 1, action: 'all-in' }, { seat: 2, action: 'call' });
    const winners = [
      { seat: 1, amount: 300 },
      { seat: 2, amount: 100 },
    ];
    expect(await house.poker.post(`${hand}/showdown`, { winners: [winners[0]] })).toMatchObject({
      status: 400,
      body: { error: 'WINNERS_NOT_POSSIBLE' },
    });
    expect((await house.poker.post(`${hand}/showdown`, { winners })).status).toBe(200);
    expect(await house.account('showdown-a')).toEqual([1_100n, 0n]);
    expect(await house.account('showdown-b')).toEqual([900n, 0n]);
    expect(await house.escrow('showdown')).toBe(0n);
  });

  it('has the platform divide main and side pots by the ranking of the hands', async () => {
    const path = await twoPlayers('side-pot');
    await house.fund('short');
    await house.join('side-pot', 'short', 3, { buyIn: 50 });
    const hand = await startHand(path);
    // Seat 1 has the button; the short stack posts the big blind.
    await plays(
      hand,
      { seat: 1, action: 'raise', amount: 150 },
      { seat: 2, action: 'call' },
      { seat: 3, action: 'all-in' },
      { seat: 2, action: 'check' },
      { seat: 1, action: 'check' },
      { seat: 2, action: 'check' },
      { seat: 1, action: 'check' },
      { seat: 2, action: 'check' },
      { seat: 1, action: 'check' },
    );
    const ranking = [
      { seat: 3, rank: 1 },
      { seat: 2, rank: 2 },
      { seat: 1, rank: 3 },
    ];
    expect((await house.poker.post(`${hand}/showdown`, { ranking })).status).toBe(200);
    expect(await house.account('short')).toEqual([1_100n, 0n]);
    expect(await house.account('side-pot-b')).toEqual([1_000n, 0n]);
    expect(await stacksAt(path)).toEqual([50, 50, 0]);
  });

  it('buys winnings in again for who asked for it', async () => {
    const path = await twoPlayers('top-up', { autoTopUp: true });
    const hand = await startHand(path);
    const end = await plays(
      hand,
      { seat: 1, action: 'call' },
      { seat: 2, action: 'check' },
      { seat: 2, action: 'fold' },
    );
    expect(end?.topUps).toEqual([{ seat: 1, amount: 20, isDone: true }]);
    expect(await stacksAt(path)).toEqual([210, 190]);
    expect(await house.account('top-up-a')).toEqual([800n, 0n]);
    expect(await house.escrow('top-up')).toBe(400n);
    const more = await house.poker.post(`${path}/top-up`, { userId: 'top-up-b', amount: 10 });
    expect(more).toMatchObject({ status: 200, body: { seat: 2, amount: 10 } });
    expect(await house.account('top-up-b')).toEqual([790n, 0n]);
  });

  it('gives every chip back when a hand is aborted', async () => {
    const path = await twoPlayers('aborted');
    const hand = await startHand(path);
    await plays(hand, { seat: 1, action: 'raise', amount: 80 });
    expect(await house.escrow('aborted')).toBe(310n);
    expect((await house.poker.post(`${hand}/abort`, { reason: 'lights out' })).status).toBe(200);
    expect(await stacksAt(path)).toEqual([200, 200]);
    expect(await house.escrow('aborted')).toBe(400n);
  });

  it('aborts a hand when the platform refuses a bet', async () => {
    const path = await twoPlayers('disagreement');
    await house.fund('thief');
    // Somebody takes from the table's account behind its back.
    await house.platform.tables.cashOut({ tableId: 'disagreement', accountId: 'thief', amount: 390n });
    const started = await house.poker.post(`${path}/hands`);
    expect(started.body).toMatchObject({ aborted: { code: 'INSUFFICIENT_ESCROW' }, table: { hand: null } });
    expect(await stacksAt(path)).toEqual([200, 200]);
    expect(await house.escrow('disagreement')).toBe(10n);
    expect(house.poker.logs()).toContain('movement_refused');
  });

  it.each([
    ['/tables', { smallBlind: 10, bigBlind: 5, buyInMin: 1, buyInMax: 2 }],
    ['/tables', { tableId: '../up', smallBlind: 5, bigBlind: 10, buyInMin: 1, buyInMax: 2 }],
    ['/tables/input/join', { userId: 'ann', seat: 1, buyIn: 1.5 }],
    ['/tables/input/join', { userId: '@house', seat: 1, buyIn: 200 }],
    ['/tables/input/join', { userId: 'ann', seat: 1, buyIn: -200 }],
    ['/tables/input/join', { userId: 'ann', seat: 1, buyIn: '9007199254740992' }],
    ['/tables/input/hands/none/actions', { seat: 1, action: 'bet' }],
  ])('refuses what is malformed: %s %j', async (path, body) => {
    await house.poker.post('/tables', {
      tableId: 'input',
      smallBlind: 5,
      bigBlind: 10,
      buyInMin: 20,
      buyInMax: 500,
    });
    expect(await house.poker.post(path, body)).toMatchObject({
      status: 400,
      body: { error: 'INVALID_REQUEST' },
    });
  });
});
