import { beforeEach, describe, expect, it } from '@jest/globals';
import { accountNamed } from '../../../test/support/known-account.js';
import { MemoryAccountCache, type CacheListener } from './memory-account-cache.js';

const HOUR_MS = 3_600_000;

describe('MemoryAccountCache', () => {
  let nowMs = 0;
  let told: string[] = [];
  let cache: MemoryAccountCache;
  const listener: CacheListener = {
    remembered: ({ account }) => told.push(`${account.accountId} ${account.version}`),
    holderRemembered: (holderId, { accountIds }) => told.push(`${holderId}: ${accountIds.join(' ')}`),
  };
  const shown = async (...ids: string[]) =>
    (await cache.find(ids)).map(({ account, asOfMs }) => [account.accountId, account.version, asOfMs]);

  beforeEach(() => {
    nowMs = 10_000;
    told = [];
    cache = new MemoryAccountCache({ accountsMax: 3, ageMaxMs: HOUR_MS, now: () => nowMs }, listener);
  });

  it('shows what it was given last, and when that was', async () => {
    cache.remember([accountNamed('a'), accountNamed('b')], 1_000);
    cache.remember([accountNamed('a', { version: 2n })], 2_000);
    expect(await shown('a', 'b', 'unknown')).toEqual([
      ['a', 2n, 2_000],
      ['b', 1n, 1_000],
    ]);
  });

  it('passes over an earlier version that arrives late', async () => {
    cache.remember([accountNamed('a', { version: 7n })], 1_000);
    cache.remember([accountNamed('a', { version: 6n })], 2_000);
    expect(await shown('a')).toEqual([['a', 7n, 1_000]]);
  });

  it('knows that an account is still so when it is read again', async () => {
    cache.remember([accountNamed('a')], 2_000);
    cache.remember([accountNamed('a')], 1_000);
    expect(await shown('a')).toEqual([['a', 1n, 2_000]]);
    cache.remember([accountNamed('a')], 3_000);
    expect(await shown('a')).toEqual([['a', 1n, 3_000]]);
  });

  it('does not show what is too old', async () => {
    cache.remember([accountNamed('a')], nowMs);
    nowMs += HOUR_MS;
    expect(await shown('a')).toHaveLength(1);
    nowMs += 1;
    expect(await shown('a')).toEqual([]);
  });

  it('forgets what was not used for longest when it is full', async () => {
    cache.remember(
      ['a', 'b', 'c'].map((id) => accountNamed(id)),
      1_000,
    );
    await shown('a');
    cache.remember([accountNamed('d')], 1_000);
    expect((await shown('a', 'b', 'c', 'd')).map(([id]) => id)).toEqual(['a', 'c', 'd']);
  });

  it('keeps fewer accounts with large metadata', async () => {
    const metadataJson = JSON.stringify({ large: 'x'.repeat(30 * 1024 * 1024) });
    cache.remember(
      ['a', 'b', 'c'].map((id) => accountNamed(id, { metadataJson })),
      1_000,
    );
    expect((await shown('a', 'b', 'c')).map(([id]) => id)).toEqual(['b', 'c']);
  });

  describe('of a holder', () => {
    const owned = (id: string) => accountNamed(id, { holderId: 'h' });
    const ofHolder = async () => (await cache.findByHolder('h'))?.map(({ account }) => account.accountId);

    it('shows all accounts by id, as of the reading of the holder', async () => {
      cache.rememberHolder('h', [owned('b'), owned('a')], 1_000);
      cache.remember([owned('a')], 5_000);
      expect(
        (await cache.findByHolder('h'))?.map(({ account, asOfMs }) => [account.accountId, asOfMs]),
      ).toEqual([
        ['a', 1_000],
        ['b', 1_000],
      ]);
    });

    it('says nothing when it was not read, or one of its accounts is forgotten', async () => {
      cache.remember([owned('a')], 1_000);
      expect(await ofHolder()).toBeUndefined();
      cache.rememberHolder('h', [owned('a')], 1_000);
      cache.remember(
        ['x', 'y', 'z'].map((id) => accountNamed(id)),
        1_000,
      );
      expect(await ofHolder()).toBeUndefined();
    });

    it('learns of accounts that it gains and loses later', async () => {
      cache.rememberHolder('h', [owned('a'), owned('b')], 1_000);
      cache.remember([owned('c'), accountNamed('a', { version: 2n })], 2_000);
      expect(await ofHolder()).toEqual(['b', 'c']);
    });
  });

  it('tells of new versions at once, and of what is still so from time to time', () => {
    cache.remember([accountNamed('a')], nowMs);
    cache.remember([accountNamed('a')], (nowMs += HOUR_MS / 4));
    cache.remember([accountNamed('a')], (nowMs += 1));
    cache.remember([accountNamed('a')], (nowMs += 1));
    cache.remember([accountNamed('a', { version: 2n })], nowMs);
    cache.rememberHolder('h', [accountNamed('a', { version: 2n, holderId: 'h' })], nowMs);
    expect(told).toEqual(['a 1', 'a 1', 'a 2', 'h: a']);
  });
});
