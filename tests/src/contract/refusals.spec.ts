import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { RestCaller } from '../support/rest-caller.js';
import { committedDocument, operationsOf } from './openapi-document.js';
import { Scenes, step } from './scenes.js';

const UNKNOWN_ID = '0192a7c4-1f00-7003-8000-000000000100';
const BEYOND = '9007199254740992';
/** What every operation has; the contract of the whole document is about those. */
const EVERYWHERE = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'INVALID_TOKEN',
  'FORBIDDEN',
  'RATE_LIMITED',
  'UNAVAILABLE',
  'INVALID_JSON',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
];

const operations = operationsOf(await committedDocument()).filter(({ id }) =>
  /^(?:reservations|tables|hands)\./.test(id),
);
const database = useDatabase();
let platform: RunningPlatform | undefined;
let operator: RestCaller;
let scenes: Scenes;

beforeAll(async () => {
  platform = await startPlatform({
    apps: ['balance', 'ledger', 'gateway'],
    env: { DATABASE_URL: database.url },
  });
  operator = new RestCaller(platform.apiUrl, `Bearer ${await platform.token(['operator'])}`);
  scenes = new Scenes(operator);
});
afterAll(() => platform?.stop());

interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
  readonly key?: string | null;
}

/** The request that a code is documented for, by operation and code. */
const REFUSED: Readonly<Record<string, Readonly<Record<string, () => Promise<Sent>>>>> = {
  'reservations.reserve': {
    ...keyFaults(async (amount) => ({
      path: `/api/accounts/${await sameAccount()}/reservations`,
      body: { amount },
    })),
    INVALID_ACCOUNT_ID: async () => ({ path: '/api/accounts/a%20b/reservations', body: { amount: 5 } }),
    INVALID_AMOUNT: () => reserving({ amount: 1.5 }),
    AMOUNT_OUT_OF_RANGE: () => reserving({ amount: BEYOND }),
    INVALID_METADATA: () => reserving({ amount: 5, metadata: [] }),
    CURRENCY_MISMATCH: async () => reserving({ amount: 5, to: await scenes.account({ currency: 'USD' }) }),
    INSUFFICIENT_BALANCE: () => reserving({ amount: 1_001 }),
    ACCOUNT_NOT_FOUND: async () => ({ path: '/api/accounts/nobody/reservations', body: { amount: 5 } }),
    ACCOUNT_FROZEN: async () => ({
      path: `/api/accounts/${await scenes.frozenAccount()}/reservations`,
      body: { amount: 5 },
    }),
    ACCOUNT_CLOSED: async () => ({
      path: `/api/accounts/${await scenes.closedAccount()}/reservations`,
      body: { amount: 5 },
    }),
  },
  'reservations.list': {
    INVALID_ACCOUNT_ID: async () => ({ method: 'GET', path: '/api/accounts/a%20b/reservations' }),
    INVALID_CURSOR: async () => ({
      method: 'GET',
      path: `/api/accounts/${await scenes.account()}/reservations?cursor=bm9uZQ`,
    }),
    ACCOUNT_NOT_FOUND: async () => ({ method: 'GET', path: '/api/accounts/nobody/reservations' }),
  },
  'reservations.read': {
    RESERVATION_NOT_FOUND: async () => ({ method: 'GET', path: `/api/reservations/${UNKNOWN_ID}` }),
  },
  'reservations.commit': {
    ...keyFaults(async (amount) => ({ path: step(await sameReservation(), 'commit'), body: { amount } })),
    INVALID_AMOUNT: async () => ({ path: step(UNKNOWN_ID, 'commit'), body: { amount: 0 } }),
    AMOUNT_OUT_OF_RANGE: async () => ({ path: step(UNKNOWN_ID, 'commit'), body: { amount: BEYOND } }),
    CAPTURE_EXCEEDS_HOLD: async () => ({
      path: step(await scenes.reservation(), 'commit'),
      body: { amount: 101 },
    }),
    LIMIT_EXCEEDED: async () => {
      const to = await scenes.account({ limits: { maxBalance: 1_050 } });
      return { path: step(await scenes.reservation({ amount: 100, to }), 'commit') };
    },
    ACCOUNT_FROZEN: async () => {
      const accountId = await scenes.account();
      const id = await scenes.reservation({ amount: 100 }, accountId);
      await scenes.freeze(accountId);
      return { path: step(id, 'commit') };
    },
    ACCOUNT_CLOSED: async () => {
      const to = await scenes.account({ initialBalance: 0 });
      const id = await scenes.reservation({ amount: 100, to });
      await operator.must('POST', `/api/accounts/${to}/close`, {});
      return { path: step(id, 'commit') };
    },
    RESERVATION_NOT_FOUND: async () => ({ path: step(UNKNOWN_ID, 'commit') }),
    RESERVATION_EXPIRED: async () => ({ path: step(await scenes.expired(), 'commit') }),
    RESERVATION_NOT_HELD: async () => ({ path: step(await scenes.released(), 'commit') }),
    ALREADY_COMMITTED: async () => ({
      path: step(await scenes.committed({ amount: 60 }), 'commit'),
      body: { amount: 61 },
    }),
  },
  'reservations.release': {
    ...keyFaults(
      async (n) => ({ path: step(await sameReservation(), 'release'), body: { reason: `${n}` } }),
      true,
    ),
    RESERVATION_NOT_FOUND: async () => ({ path: step(UNKNOWN_ID, 'release') }),
    ALREADY_COMMITTED: async () => ({ path: step(await scenes.committed({ amount: 60 }), 'release') }),
  },
  'reservations.extend': {
    ...keyFaults(
      async (timeoutSeconds) => ({ path: step(await sameReservation(), 'extend'), body: { timeoutSeconds } }),
      true,
    ),
    RESERVATION_NOT_FOUND: () => extending(UNKNOWN_ID),
    RESERVATION_EXPIRED: async () => extending(await scenes.expired()),
    RESERVATION_NOT_HELD: async () => extending(await scenes.released()),
    ALREADY_COMMITTED: async () => extending(await scenes.committed({ amount: 60 })),
  },
  'tables.read': {
    INVALID_CURRENCY: async () => ({ method: 'GET', path: '/api/tables/t-1?currency=chips' }),
    TABLE_NOT_FOUND: async () => ({ method: 'GET', path: '/api/tables/no-table' }),
  },
  'tables.setPolicy': {
    INVALID_CURRENCY: async () => ({
      method: 'PUT',
      path: '/api/tables/t-1',
      body: { escrowPolicy: 'strict', currency: 'NOPE' },
    }),
    LIMIT_BELOW_USAGE: async () => {
      const accountId = await scenes.account();
      const path = `/api/tables/${scenes.fresh('table')}`;
      await operator.must('PUT', path, { escrowPolicy: 'observe' });
      await operator.must('POST', `${path}/cash-outs`, { accountId, amount: 10 });
      return { method: 'PUT', path, body: { escrowPolicy: 'strict' } };
    },
  },
  'tables.cashOut': {
    ...keyFaults(async (amount) => ({
      path: `${await sameTable()}/cash-outs`,
      body: { accountId: await sameAccount(), amount },
    })),
    INVALID_ACCOUNT_ID: async () => ({
      path: '/api/tables/t-1/cash-outs',
      body: { accountId: '@x', amount: 1 },
    }),
    INVALID_AMOUNT: async () => ({ path: '/api/tables/t-1/cash-outs', body: { accountId: 'a', amount: 0 } }),
    AMOUNT_OUT_OF_RANGE: async () => ({
      path: '/api/tables/t-1/cash-outs',
      body: { accountId: 'a', amount: BEYOND },
    }),
    INSUFFICIENT_ESCROW: async () => {
      const accountId = await scenes.account();
      return { path: `${(await scenes.table(accountId)).path}/cash-outs`, body: { accountId, amount: 501 } };
    },
    ACCOUNT_NOT_FOUND: async () => ({
      path: `${await sameTable()}/cash-outs`,
      body: { accountId: 'nobody', amount: 1 },
    }),
    ACCOUNT_CLOSED: async () => ({
      path: `${await sameTable()}/cash-outs`,
      body: { accountId: await scenes.closedAccount(), amount: 1 },
    }),
  },
  'hands.pot': {
    POT_NOT_FOUND: async () => ({ method: 'GET', path: '/api/tables/t-1/hands/no-hand' }),
  },
  'hands.contribute': {
    ...keyFaults(async (amount) => betting({ amount, seatId: 9 }, `${await sameTable()}/hands/keyed`)),
    INVALID_ACCOUNT_ID: () => betting({ accountId: '@pot' }),
    INVALID_AMOUNT: () => betting({ amount: '0' }),
    AMOUNT_OUT_OF_RANGE: () => betting({ amount: BEYOND }),
    INVALID_CURRENCY: () => betting({ currency: 'NOPE' }),
    CURRENCY_MISMATCH: async () => betting({ currency: 'USD' }, (await scenes.hand()).hand),
    INSUFFICIENT_ESCROW: async () =>
      betting({ amount: 501 }, (await scenes.table(await scenes.account())).hand),
    POT_NOT_ACTIVE: async () => betting({}, await scenes.cancelledHand()),
  },
  'hands.return': {
    ...keyFaults(async (amount) => ({ path: `${await sameHand()}/returns`, body: { seatId: 1, amount } })),
    INVALID_AMOUNT: async () => ({ path: '/api/tables/t/hands/h/returns', body: { seatId: 1, amount: -1 } }),
    AMOUNT_OUT_OF_RANGE: async () => ({
      path: '/api/tables/t/hands/h/returns',
      body: { seatId: 1, amount: BEYOND },
    }),
    POT_NOT_FOUND: async () => ({ path: '/api/tables/t/hands/none/returns', body: { seatId: 1, amount: 1 } }),
    POT_NOT_ACTIVE: async () => ({
      path: `${await scenes.settledHand()}/returns`,
      body: { seatId: 1, amount: 1 },
    }),
    RETURN_EXCEEDS_CONTRIBUTION: async () => ({
      path: `${(await scenes.hand()).hand}/returns`,
      body: { seatId: 1, amount: 101 },
    }),
  },
  'hands.settle': {
    ...keyFaults(async (rake) => {
      const accountId = await sameAccount();
      return {
        path: `${await sameHand()}/settle`,
        body: { winners: [{ seatId: 1, accountId, amount: 1 }], rake },
      };
    }),
    INVALID_ACCOUNT_ID: () => settling({ accountId: '@house' }),
    INVALID_AMOUNT: () => settling({ amount: -1 }),
    AMOUNT_OUT_OF_RANGE: () => settling({ amount: BEYOND }),
    CURRENCY_MISMATCH: async () => settling({ accountId: await scenes.account({ currency: 'USD' }) }),
    ACCOUNT_CLOSED: async () => settling({ accountId: await scenes.closedAccount() }),
    POT_NOT_FOUND: () => settling({}, '/api/tables/t-1/hands/no-hand'),
    POT_NOT_ACTIVE: async () => settling({}, await scenes.cancelledHand()),
  },
  'hands.cancel': {
    ...keyFaults(async (n) => ({ path: `${await sameHand()}/cancel`, body: { reason: `${n}` } }), true),
    POT_NOT_FOUND: async () => ({ path: '/api/tables/t-1/hands/no-hand/cancel' }),
    POT_NOT_ACTIVE: async () => ({ path: `${await scenes.settledHand()}/cancel` }),
  },
};

/** What goes wrong with keys; `request` makes requests that differ by one number and use the same slot for keys. */
function keyFaults(
  request: (n: number) => Promise<Sent>,
  isOptional = false,
): Readonly<Record<string, () => Promise<Sent>>> {
  return {
    ...(isOptional ? {} : { MISSING_IDEMPOTENCY_KEY: async () => ({ ...(await request(1)), key: null }) }),
    INVALID_IDEMPOTENCY_KEY: async () => ({ ...(await request(1)), key: 'x'.repeat(256) }),
    IDEMPOTENCY_CONFLICT: async () => {
      const key = scenes.fresh('key');
      const { path, body } = await request(1);
      await operator.send('POST', path, { body, key });
      return { ...(await request(2)), key };
    },
  };
}

const sameAccount = (): Promise<string> => scenes.once('account', () => scenes.account());
const sameReservation = (): Promise<string> =>
  scenes.once('reservation', async () =>
    scenes.reservation({ amount: 100, timeoutSeconds: 600 }, await sameAccount()),
  );
const sameTable = (): Promise<string> =>
  scenes.once('table', async () => (await scenes.table(await sameAccount())).path);
const sameHand = (): Promise<string> => scenes.once('hand', async () => (await scenes.hand()).hand);

async function reserving(body: object): Promise<Sent> {
  return { path: `/api/accounts/${await scenes.account()}/reservations`, body };
}

async function extending(id: string): Promise<Sent> {
  return { path: step(id, 'extend'), body: { timeoutSeconds: 60 } };
}

async function betting(more: object, path = '/api/tables/t-1/hands/h-1'): Promise<Sent> {
  const body = { seatId: 5, accountId: await sameAccount(), amount: 1, type: 'BET', ...more };
  return { path: `${path}/contributions`, body };
}

async function settling(more: object, path?: string): Promise<Sent> {
  const body = { winners: [{ seatId: 1, accountId: 'winner', amount: 100, ...more }] };
  return { path: `${path ?? (await scenes.hand()).hand}/settle`, body };
}

describe('refusals of reservations and tables', () => {
  it.each(operations)('$id: every documented code has a request here', ({ id, codes }) => {
    const ownCodes = codes.filter((code) => !EVERYWHERE.includes(code));
    expect(Object.keys(REFUSED[id] ?? {}).sort()).toEqual(ownCodes.sort());
  });

  const cases = operations.flatMap((operation) =>
    Object.entries(REFUSED[operation.id] ?? {}).map(([code, request]) => ({
      id: operation.id,
      code,
      operation,
      request,
    })),
  );

  it.each(cases)('$id is refused with $code', async ({ code, operation, request }) => {
    const { method = 'POST', path, body, key } = await request();
    const sent = method === 'GET' ? {} : { body: body ?? {}, ...(key === undefined ? {} : { key }) };
    const { status, headers, text, json } = await operator.send(method, path, sent);
    expect({ error: json['error'], text }).toMatchObject({ error: code });
    expect(operation.faultIn(status, headers.get('content-type') ?? '', text)).toBeUndefined();
  });
});
