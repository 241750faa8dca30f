import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { AppRuntime } from '@steelyard/platform/lifecycle';
import { createLogger, createMetrics } from '@steelyard/platform/observability';
import { requireServer, startRedis } from '@steelyard/testing/redis';
import type { KillableServer } from '@steelyard/testing/servers';
import { eventually } from '@steelyard/testing/wait';
import { Redis } from 'ioredis';
import type { AccountCache } from '../../src/application/read-accounts/account-cache.port.js';
import { openAccountCache } from '../../src/infrastructure/cache/open-account-cache.js';
import { accountNamed } from '../support/known-account.js';

const HOUR_MS = 3_600_000;

requireServer('redis')('the account cache with Redis', () => {
  let server: KillableServer;
  let inspect: Redis;
  let closers: (() => Promise<void>)[] = [];
  let events: string[] = [];

  const open = (): AccountCache => {
    const logger = createLogger('spec', 'info', {
      write: (line) => void events.push((JSON.parse(line) as { event: string }).event),
    });
    const runtime: AppRuntime = {
      name: 'spec',
      version: '0',
      logger,
      metrics: createMetrics('spec'),
      onClose: (work) => void closers.push(work),
    };
    return openAccountCache({ accountsMax: 100, ageMaxMs: HOUR_MS, redisUrl: server.url }, runtime);
  };
  const shownBy = async (cache: AccountCache, ...ids: string[]) =>
    (await cache.find(ids)).map(({ account, asOfMs }) => [account.accountId, account.version, asOfMs]);

  beforeAll(async () => {
    server = await startRedis();
    inspect = new Redis(server.url);
    inspect.on('error', () => undefined);
  });
  beforeEach(() => inspect.flushall());
  afterEach(async () => {
    await Promise.all(closers.map((close) => close()));
    closers = [];
    events = [];
  });
  afterAll(async () => {
    inspect.disconnect();
    await server.stop();
  });

  it('gives another process what this one remembers', async () => {
    const nowMs = Date.now();
    const account = accountNamed('a', {
      balance: -9_007_199_254_740_991n,
      creditLimit: null,
      maxBalance: 5n,
      holderId: 'h',
      metadataJson: '{"name":"ä \\" 😀"}',
    });
    open().remember([account], nowMs);
    const other = open();
    await eventually(async () => expect(await other.find(['a', 'b'])).toEqual([{ account, asOfMs: nowMs }]));
    expect(await inspect.pttl('steelyard:account:a')).toBeGreaterThan(HOUR_MS - 60_000);
  });

  it('gives the latest version, whoever remembers it', async () => {
    const nowMs = Date.now();
    const [one, other] = [open(), open()];
    one.remember([accountNamed('a', { version: 1n })], nowMs);
    other.remember([accountNamed('a', { version: 10n })], nowMs);
    await eventually(async () => expect(await shownBy(one, 'a')).toEqual([['a', 10n, nowMs]]));
    one.remember([accountNamed('a', { version: 9n }), accountNamed('b')], nowMs);
    await eventually(async () => expect(await shownBy(other, 'b')).toHaveLength(1));
    const third = open();
    await eventually(async () => expect(await shownBy(third, 'a')).toEqual([['a', 10n, nowMs]]));
  });

  it('gives another process a holder’s accounts', async () => {
    const nowMs = Date.now();
    const owned = ['b', 'a'].map((id) => accountNamed(id, { holderId: 'h' }));
    open().rememberHolder('h', owned, nowMs);
    const other = open();
    const ids = async () => (await other.findByHolder('h'))?.map(({ account }) => account.accountId);
    await eventually(async () => expect(await ids()).toEqual(['a', 'b']));
  });

  it('has nothing from what it cannot read', async () => {
    const cache = open();
    await inspect.mset({ 'steelyard:account:a': 'other', 'steelyard:account:b': '1 2 {"c":1}' });
    await inspect.set('steelyard:holder:h', '{');
    cache.remember([accountNamed('d')], Date.now());
    await eventually(async () => expect(await inspect.exists('steelyard:account:d')).toBe(1));
    expect(await shownBy(cache, 'a', 'b', 'd')).toHaveLength(1);
    expect(await cache.findByHolder('h')).toBeUndefined();
  });

  it('is the process’s memory while Redis is away, says so once, and catches up when it is back', async () => {
    const nowMs = Date.now();
    const cache = open();
    cache.remember([accountNamed('a')], nowMs);
    await eventually(async () => expect(await inspect.exists('steelyard:account:a')).toBe(1));
    await server.kill9();
    cache.remember([accountNamed('a', { version: 2n }), accountNamed('b')], nowMs);
    await eventually(() => events.includes('redis.lost'));
    expect(await shownBy(cache, 'a', 'b')).toEqual([
      ['a', 2n, nowMs],
      ['b', 1n, nowMs],
    ]);
    await server.restart();
    const other = open();
    await eventually(async () =>
      expect(await shownBy(other, 'a', 'b')).toEqual([
        ['a', 2n, nowMs],
        ['b', 1n, nowMs],
      ]),
    );
    expect(events).toEqual(['redis.lost', 'redis.regained']);
  });
});
