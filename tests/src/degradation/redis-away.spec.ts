import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres, type TestPostgres } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { requireServer, startRedis } from '@steelyard/testing/redis';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';
import { auditBooks } from '../acceptance/support/books-audit.js';
import { restClient, timesLogged, type RestClient } from './support/rest-client.js';

const START_TIMEOUT_MS = 90_000;
const REQUESTS_PER_SECOND = 20;
const SETTLE = { timeoutMs: 30_000 };
const CALLERS = 8;

/** What Redis answers to one command that it was sent as a line. */
async function answerOf(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${command}\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return answer.toString();
}

requireServer('redis')('while Redis is away', () => {
  let postgres: TestPostgres;
  let redis: KillableServer;
  let platform: RunningPlatform;
  let operator: RestClient;
  const closers: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    closers.push(() => Promise.all([redis.stop(), postgres.stop()]));
    platform = await startPlatform({
      apps: ['balance', 'ledger', 'gateway'],
      env: {
        DATABASE_URL: postgres.url,
        REDIS_URL: redis.url,
        RATE_LIMIT_PER_SECOND: String(REQUESTS_PER_SECOND),
      },
    });
    closers.push(() => platform.stop());
    operator = restClient(platform, await platform.token(['operator']));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  }, START_TIMEOUT_MS);

  /** How often each application said so. */
  const timesSaid = (event: string) => ({
    balance: timesLogged(platform.app('balance').logs(), event, 'account-cache'),
    gateway: timesLogged(platform.app('gateway').logs(), event, 'rate-limit'),
  });
  const bothSay = (event: string) =>
    eventually(() => expect(timesSaid(event)).toEqual({ balance: 1, gateway: 1 }), SETTLE);
  const isCountedInRedis = async () =>
    (await answerOf(redis.port, 'EXISTS steelyard:rate:player')).startsWith(':1');
  /** Statuses of more requests at once than a caller has for two seconds. */
  const burst = async (caller: RestClient) => {
    const requests = Array.from({ length: 3 * REQUESTS_PER_SECOND }, () =>
      caller.get('/accounts/player/balance'),
    );
    return new Set((await Promise.all(requests)).map(({ status }) => status));
  };

  it('goes on, limits callers and loses nothing, and takes Redis back', async () => {
    const player = restClient(platform, await platform.token([], 'player'));
    await operator.post('/accounts/player', {}, 'open');
    expect(await burst(player)).toEqual(new Set([200, 429]));
    expect(await isCountedInRedis()).toBe(true);

    let acknowledged = 0;
    let isOver = false;
    const callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let i = 0; !isOver; i++) {
        const body = { amount: 1, source: 'test' };
        const answer = await operator.post('/accounts/player/deposit', body, `${caller}-${i}`);
        expect(answer.status).toBe(200);
        acknowledged += 1;
      }
    });
    await eventually(() => acknowledged > CALLERS, SETTLE);
    await redis.kill9();
    await bothSay('redis.lost');
    expect(await burst(player)).toEqual(new Set([200, 429]));
    const before = acknowledged;
    await eventually(() => acknowledged > before + CALLERS, SETTLE);
    await redis.restart();
    await bothSay('redis.regained');
    await eventually(async () => {
      expect(await burst(player)).toEqual(new Set([200, 429]));
      expect(await isCountedInRedis()).toBe(true);
    }, SETTLE);
    isOver = true;
    await Promise.all(callers);

    const { body } = await operator.get('/accounts/player/balance');
    expect(body).toMatchObject({ balance: acknowledged });
    expect((await auditBooks(postgres.url)).faults).toEqual([]);
    expect(timesSaid('redis.lost')).toEqual({ balance: 1, gateway: 1 });
  });

  it('and when it is there, it lets a process that has just started show accounts without PostgreSQL', async () => {
    await operator.post('/accounts/seen/deposit', { amount: 42, source: 'test' }, 'seen');
    const balance = platform.app('balance');
    // Stopped, not killed: what waits to be sent to Redis is sent.
    await balance.stop();
    await balance.restart();
    await postgres.kill9();
    await eventually(
      async () =>
        expect(await operator.get('/accounts/seen/balance')).toMatchObject({
          status: 200,
          body: { balance: 42, stale: true },
        }),
      SETTLE,
    );
    await postgres.restart();
  });
});
