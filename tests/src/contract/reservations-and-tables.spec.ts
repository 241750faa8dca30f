import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type Role, type RunningPlatform } from '@steelyard/testing/processes';
import { RestCaller, textIn } from '../support/rest-caller.js';
import { Scenes, step } from './scenes.js';

const UNKNOWN_ID = '0192a7c4-1f00-7003-8000-000000000100';

const database = useDatabase();
let platform: RunningPlatform | undefined;
let operator: RestCaller;
let scenes: Scenes;

beforeAll(async () => {
  platform = await startPlatform({
    apps: ['balance', 'ledger', 'gateway'],
    env: { DATABASE_URL: database.url },
  });
  operator = await callerAs('boss', 'operator');
  scenes = new Scenes(operator);
});
afterAll(() => platform?.stop());

async function callerAs(subject: string, ...roles: Role[]): Promise<RestCaller> {
  if (platform === undefined) throw new Error('the platform runs only while the tests do');
  return new RestCaller(platform.apiUrl, `Bearer ${await platform.token(roles, subject)}`);
}

describe('reservations over REST', () => {
  it('hold, commit a part and release the rest', async () => {
    const accountId = await scenes.account();
    const path = `/api/accounts/${accountId}/reservations`;
    const reserved = await operator.post(
      path,
      { amount: 300, reference: 'order-1', metadata: { b: 1, a: 2 } },
      'k-1',
    );
    expect(reserved.status).toBe(201);
    expect(reserved.json).toMatchObject({
      accountId,
      status: 'HELD',
      amount: 300,
      captured: 0,
      availableBalance: 700,
      balanceAfter: 1_000,
      reference: 'order-1',
      toAccountId: null,
      tableId: null,
      resolvedAt: null,
      transactionId: null,
    });
    const again = await operator.post(
      path,
      { amount: 300, reference: 'order-1', metadata: { b: 1, a: 2 } },
      'k-1',
    );
    expect([again.status, again.text]).toEqual([201, reserved.text]);
    expect([reserved, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([
      null,
      'true',
    ]);

    const id = textIn(reserved.json, 'reservationId');
    const committed = await operator.must('POST', step(id, 'commit'), { amount: 120 });
    expect(committed).toMatchObject({
      status: 'COMMITTED',
      captured: 120,
      balanceAfter: 880,
      availableBalance: 880,
    });
    expect(await operator.must('POST', step(id, 'commit'), { amount: 120 })).toEqual(committed);
    expect(await operator.must('GET', `/api/reservations/${id}`)).toEqual(committed);
    const transaction = await operator.must('GET', `/api/transactions/${textIn(committed, 'transactionId')}`);
    expect(transaction).toMatchObject({ type: 'WITHDRAW', amount: 120 });
    expect(await operator.must('GET', `/api/accounts/${accountId}/balance`)).toMatchObject({
      balance: 880,
      held: 0,
    });
  });

  it('are listed newest first, by status, page by page', async () => {
    const accountId = await scenes.account();
    const ids = [];
    for (const amount of [1, 2, 3]) ids.unshift(await scenes.reservation({ amount }, accountId));
    await operator.must('POST', step(ids[1] ?? '', 'release'), { reason: 'changed my mind' });
    const list = (query: string) => operator.must('GET', `/api/accounts/${accountId}/reservations?${query}`);
    const idsIn = ({ reservations }: Awaited<ReturnType<typeof list>>) =>
      (reservations as { reservationId: string }[]).map(({ reservationId }) => reservationId);
    expect(idsIn(await list(''))).toEqual(ids);
    expect(idsIn(await list('status=HELD'))).toEqual([ids[0], ids[2]]);
    expect(idsIn(await list('status=RELEASED'))).toEqual([ids[1]]);
    const first = await list('limit=2');
    expect(idsIn(first)).toEqual(ids.slice(0, 2));
    const second = await list(`limit=2&cursor=${textIn(first, 'nextCursor')}`);
    expect([idsIn(second), second['nextCursor']]).toEqual([ids.slice(2), null]);
  });

  it('belong to their owner', async () => {
    const accountId = await scenes.account();
    const owner = await callerAs(accountId);
    const stranger = await callerAs(await scenes.account());
    const id = await scenes.reservation({ amount: 100 }, accountId);
    for (const verb of ['commit', 'release', 'extend']) {
      const { status, json } = await stranger.post(step(id, verb), {
        ...(verb === 'extend' && { timeoutSeconds: 5 }),
      });
      expect({ verb, status, error: json['error'] }).toEqual({ verb, status: 403, error: 'FORBIDDEN' });
      const unknown = await stranger.post(step(UNKNOWN_ID, verb), {
        ...(verb === 'extend' && { timeoutSeconds: 5 }),
      });
      expect([unknown.status, unknown.json['message']]).toEqual([403, json['message']]);
    }
    expect((await stranger.get(`/api/reservations/${id}`)).status).toBe(403);
    expect((await stranger.get(`/api/accounts/${accountId}/reservations`)).status).toBe(403);
    expect(await owner.must('POST', step(id, 'extend'), { timeoutSeconds: 600 })).toMatchObject({
      status: 'HELD',
    });
    expect(await owner.must('POST', step(id, 'commit'), {})).toMatchObject({
      status: 'COMMITTED',
      captured: 100,
    });
  });
});

describe('a hand over REST', () => {
  it('goes from the buy-in to the cash-out', async () => {
    const [alice, bob] = [await scenes.account(), await scenes.account()];
    const { path, hand: place } = await scenes.table(alice, 400);
    const tableId = path.replace('/api/tables/', '');
    await scenes.buyIn(path, bob, 200);
    const bet = (seatId: number, accountId: string, amount: number) =>
      operator.must('POST', `${place}/contributions`, { seatId, accountId, amount, type: 'BET' });
    expect(await bet(1, alice, 300)).toMatchObject({ status: 'ACTIVE', total: 300, seatContribution: 300 });
    expect(await bet(2, bob, 200)).toMatchObject({ total: 500, seatContribution: 200, payouts: [] });
    expect(await operator.must('GET', place)).not.toHaveProperty('pots');
    expect(await operator.must('GET', `${place}?folded=`)).toMatchObject({
      total: 500,
      pots: [
        { amount: 400, eligibleSeats: [1, 2] },
        { amount: 100, eligibleSeats: [1] },
      ],
    });
    expect(await operator.must('GET', `${place}?folded=2`)).toMatchObject({
      pots: [{ amount: 500, eligibleSeats: [1] }],
    });
    const returned = await operator.must('POST', `${place}/returns`, { seatId: 1, amount: 100 });
    expect(returned).toMatchObject({ total: 400, seatContribution: 200 });
    const showdown = [
      { seatId: 1, accountId: alice, rank: 2 },
      { seatId: 2, accountId: bob, rank: 1 },
    ];
    const settlement = await operator.must('POST', `${place}/settle`, { showdown, rake: 20 });
    expect(settlement).toMatchObject({
      status: 'SETTLED',
      rake: 20,
      payouts: [{ seatId: 2, accountId: bob, amount: 380, newBalance: 1_180 }],
    });
    expect(await operator.must('POST', `${place}/settle`, { showdown, rake: 20 })).toMatchObject({
      payouts: [],
    });
    expect(await operator.must('GET', path)).toMatchObject({ tableId, escrow: 200, inflation: 0 });
    const out = await operator.must('POST', `${path}/cash-outs`, {
      accountId: alice,
      amount: 200,
      seatId: 1,
    });
    expect(out).toMatchObject({ type: 'CASH_OUT', accountId: alice, balanceBefore: 600, balanceAfter: 800 });
  });

  it('is played by the game and operators only', async () => {
    const { accountId, hand: place } = await scenes.hand();
    const bet = { seatId: 1, accountId, amount: 1, type: 'CALL' };
    const game = await callerAs('game', 'service');
    expect((await game.post(`${place}/contributions`, bet)).status).toBe(200);
    for (const caller of [await callerAs(accountId), await callerAs('eve', 'auditor')]) {
      expect((await caller.post(`${place}/contributions`, bet)).status).toBe(403);
    }
  });

  it('under observe lets chips through that are not there, and says so', async () => {
    const accountId = await scenes.account();
    const path = `/api/tables/${scenes.fresh('table')}`;
    expect(await operator.must('PUT', path, { escrowPolicy: 'observe' })).toMatchObject({
      escrow: 0,
      escrowPolicy: 'observe',
      inflation: 0,
    });
    await operator.must('POST', `${path}/cash-outs`, { accountId, amount: 30 });
    expect(await operator.must('GET', path)).toMatchObject({ escrow: -30, inflation: 30 });
  });
});
