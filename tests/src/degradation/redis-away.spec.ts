import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPostgres, type TestPostgres } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { requireServer, startRedis } from '@steelyard/testing/redis';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';
import { auditBooks } from '../acceptance/support/books-audit.js';
import { answered } from '../support/rest-caller.js';
import { restClient, timesLogged, type RestClient } from './support/rest-client.js';

const REQUESTS_PER_SECOND = 1;
/** More at once than a caller has for a minute: some are refused, however slowly they are worked off. */
const BURST = 60;
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
  });
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });

  /** How often each application said so. */
  const timesSaid = (event: string) => ({
    balance: timesLogged(platform.app('balance').logs(), event, 'account-cache'),
    gateway: timesLogged(platform.app('gateway').logs(), event, 'rate-limit'),
  });
  /** Each of them says so once more. */
  const bothSay = (event: string, before: ReturnType<typeof timesSaid>) =>
    eventually(() =>
      expect(timesSaid(event)).toEqual({ balance: before.balance + 1, gateway: before.gateway + 1 }),
    );
  const isCountedInRedis = async () =>
    (await answerOf(redis.port, 'EXISTS steelyard:rate:player')).startsWith(':1');
  /** Statuses of many requests at once. */
  const burst = async (caller: RestClient) => {
    const requests = Array.from({ length: BURST }, () => caller.get('/accounts/player/balance'));
    return new Set((await Promise.all(requests)).map(({ status }) => status));
  };
  /** What Redis has counted it forgets after a second, which may be over before it is asked. */
  const limitedByRedis = (caller: RestClient) =>
    eventually(async () => {
      expect(await burst(caller)).toEqual(new Set([200, 429]));
      expect(await isCountedInRedis()).toBe(true);
    });

  it('goes on, limits callers and loses nothing, and takes Redis back', async () => {
    const player = restClient(platform, await platform.token([], 'player'));
    await operator.post('/accounts/player', {}, 'open');
    await limitedByRedis(player);

    let acknowledged = 0;
    let isOver = false;
    const callers = Array.from({ length: CALLERS }, async (_, caller) => {
      for (let i = 0; !isOver; i++) {
        const body = { amount: 1, source: 'test' };
        const answer = await answered(() =>
          operator.post('/accounts/player/deposit', body, `${caller}-${i}`),
        );
        expect(answer.status).toBe(200);
        acknowledged += 1;
      }
    });
    await eventually(() => acknowledged > CALLERS);
    const said = { lost: timesSaid('redis.lost'), regained: timesSaid('redis.regained') };
    await redis.kill9();
    await bothSay('redis.lost', said.lost);
    await eventually(async () => expect(await burst(player)).toEqual(new Set([200, 429])));
    const before = acknowledged;
    await eventually(() => acknowledged > before + CALLERS);
    await redis.restart();
    await bothSay('redis.regained', said.regained);
    await limitedByRedis(player);
    isOver = true;
    await Promise.all(callers);

    const { body } = await operator.get('/accounts/player/balance');
    expect(body).toMatchObject({ balance: acknowledged });
    expect((await auditBooks(postgres.url)).faults).toEqual([]);
    await bothSay('redis.lost', said.lost);
  });

  it('and when it is there, it lets a process that has just started show accounts without PostgreSQL', async () => {
    await answered(() => operator.post('/accounts/seen/deposit', { amount: 42, source: 'test' }, 'seen'));
    const balance = platform.app('balance');
    // Stopped, not killed: what waits to be sent to Redis is sent.
    await balance.stop();
    await balance.restart();
    await postgres.kill9();
    await eventually(async () =>
      expect(await operator.get('/accounts/seen/balance')).toMatchObject({
        status: 200,
        body: { balance: 42, stale: true },
      }),
    );
    await postgres.restart();
  });
});
