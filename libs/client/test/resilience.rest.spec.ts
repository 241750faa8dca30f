import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  restTransport,
  SteelyardClient,
  SteelyardProtocolError,
  SteelyardUnavailableError,
  type SteelyardClientSettings,
} from '@steelyard/client';

type Reaction = (request: IncomingMessage, response: ServerResponse) => void;

const DEPOSIT = { accountId: 'alice', amount: 5n };
/** An answer that comes is in time, also on a machine that stood still. */
const PATIENT = { attemptTimeoutMs: 60_000, deadlineMs: 120_000 };
const MOVEMENT = {
  transactionId: 't-1',
  type: 'DEPOSIT',
  accountId: 'alice',
  currency: 'CHIPS',
  amount: 5,
  balanceBefore: 0,
  balanceAfter: 5,
  completedAt: '2026-01-01T00:00:00.000Z',
};

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Reaction =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const grant = answer(200, MOVEMENT);
const hangUp: Reaction = (request) => request.socket.destroy();
const silence: Reaction = () => undefined;

/** An HTTP server that fails on command: for what the gateway cannot be made to do at the right moment. */
describe('a client of a REST service that fails', () => {
  let server: Server;
  let url: string;
  let reactions: Reaction[];
  let requests: IncomingMessage[];

  beforeEach(async () => {
    reactions = [];
    requests = [];
    server = createServer((request, response) => {
      requests.push(request);
      (reactions.shift() ?? grant)(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function client(settings: Omit<SteelyardClientSettings, 'transport'> = {}, token = 'jwt'): SteelyardClient {
    const transport = restTransport({ url, token });
    return new SteelyardClient({ transport, ...PATIENT, backoffMs: 5, ...settings });
  }

  const keys = (): unknown[] => requests.map(({ headers }) => headers['idempotency-key']);

  async function outageOf(call: Promise<unknown>): Promise<SteelyardUnavailableError> {
    const error: unknown = await call.catch((reason: unknown) => reason);
    if (error instanceof SteelyardUnavailableError) return error;
    throw new Error(`no outage, but ${String(error)}`);
  }

  it.each<[string, Reaction]>([
    ['503', answer(503, {})],
    ['429', answer(429, {})],
    ['a proxy that cannot reach it', answer(502, '<html>')],
    ['a connection that breaks', hangUp],
  ])('retries after %s, under one key', async (_what, reaction) => {
    reactions.push(reaction, reaction);
    expect(await client().accounts.deposit(DEPOSIT)).toMatchObject({ ok: true, value: { balanceAfter: 5n } });
    expect(requests).toHaveLength(3);
    expect(new Set(keys()).size).toBe(1);
  });

  it('retries when an answer does not come', async () => {
    reactions.push(silence);
    const hasty = client({ attemptTimeoutMs: 100, attemptsMax: 1_000 });
    const result = await hasty.accounts.deposit(DEPOSIT, { idempotencyKey: 'k' });
    expect(result.ok).toBe(true);
    // Twice, unless the machine stood still for longer than a try may take.
    expect(keys().length).toBeGreaterThanOrEqual(2);
    expect(new Set(keys())).toEqual(new Set(['k']));
  });

  it('waits as long as it is asked to', async () => {
    reactions.push(answer(429, {}, { 'retry-after': '1' }));
    const begun = performance.now();
    await client().accounts.deposit(DEPOSIT);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(990);
  });

  it('says at once when it is asked to wait longer than it may', async () => {
    reactions.push(answer(503, {}, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }));
    const outage = await outageOf(client().accounts.deposit(DEPOSIT));
    expect(outage).toMatchObject({ reason: 'unavailable', maybeApplied: true });
    expect(outage.retryAfterMs).toBeGreaterThan(3_000_000);
    expect(requests).toHaveLength(1);
  });

  it('knows that nothing was done when nobody listens', async () => {
    const made = client({ attemptsMax: 2 });
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(await outageOf(made.accounts.deposit(DEPOSIT))).toMatchObject({
      reason: 'connection',
      maybeApplied: false,
    });
    server.listen(0);
  });

  it('gives a problem as a refusal and does not retry it', async () => {
    reactions.push(
      answer(409, { error: 'ACCOUNT_FROZEN', message: 'frozen', field: 'accountId', status: 409 }),
    );
    expect(await client().accounts.deposit(DEPOSIT)).toEqual({
      ok: false,
      error: { code: 'ACCOUNT_FROZEN', message: 'frozen', field: 'accountId' },
    });
    expect(requests).toHaveLength(1);
  });

  it.each<[string, Reaction]>([
    ['fails on its side', answer(500, { error: 'INTERNAL', message: 'oops' })],
    ['does not speak JSON', answer(200, '<html>')],
    ['leaves members out', answer(200, { ...MOVEMENT, balanceAfter: undefined })],
    ['rounds', answer(200, { ...MOVEMENT, balanceAfter: 1.5 })],
    ['speaks of no error', answer(404, {})],
  ])('neither retries nor guesses when the service %s', async (_what, reaction) => {
    reactions.push(reaction);
    await expect(client().accounts.deposit(DEPOSIT)).rejects.toThrow(SteelyardProtocolError);
    expect(requests).toHaveLength(1);
  });

  it('reads amounts that JSON numbers do not hold', async () => {
    reactions.push(answer(200, { ...MOVEMENT, balanceAfter: '9007199254740993' }));
    const result = await client().accounts.deposit(DEPOSIT);
    expect(result).toMatchObject({ ok: true, value: { balanceAfter: 9_007_199_254_740_993n } });
  });

  it('says who it is: with a token, one that is fetched for each call, or an API key', async () => {
    await client().accounts.deposit(DEPOSIT);
    let calls = 0;
    const fetched = restTransport({ url: `${url}/api/`, token: async () => `jwt-${calls++}` });
    const { accounts } = new SteelyardClient({ transport: fetched });
    await accounts.deposit(DEPOSIT);
    await accounts.deposit(DEPOSIT);
    const machine = restTransport({ url, apiKey: 'id.secret' });
    await new SteelyardClient({ transport: machine }).accounts.deposit(DEPOSIT);
    const expected = ['Bearer jwt', 'Bearer jwt-0', 'Bearer jwt-1', 'ApiKey id.secret'];
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(expected);
    expect(new Set(requests.map((request) => request.url))).toEqual(new Set(['/api/accounts/alice/deposit']));
  });
});
