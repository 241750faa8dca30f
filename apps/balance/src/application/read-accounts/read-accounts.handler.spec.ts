import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Account } from '@steelyard/domain/accounts';
import type { AccountRef } from '@steelyard/domain/posting';
import { OutageError } from '@steelyard/platform/outage';
import { accountNamed } from '../../../test/support/known-account.js';
import { MemoryAccountCache } from '../../infrastructure/cache/memory-account-cache.js';
import { Accounts, ReadAccountsHandler } from './read-accounts.handler.js';

const BUCKETS = 4;

/** Accounts of a database that can be away. */
class SwitchableAccounts extends Accounts {
  isAway = false;
  stored: readonly Account[] = [];

  async find(refs: readonly AccountRef[]): Promise<readonly Account[]> {
    if (this.isAway) throw new OutageError('the database is away');
    return this.stored.filter(({ accountId, bucket }) =>
      refs.some(
        (ref) => ref.accountId === accountId && (!accountId.startsWith('@') || ref.bucket === bucket),
      ),
    );
  }

  async findByHolder(holderId: string): Promise<readonly Account[]> {
    if (this.isAway) throw new OutageError('the database is away');
    return this.stored.filter((account) => account.holderId === holderId);
  }
}

describe('ReadAccountsHandler', () => {
  let nowMs = 0;
  let accounts: SwitchableAccounts;
  let handler: ReadAccountsHandler;
  const view = async (...ids: string[]) => {
    const { accounts: known, isStale, unreadIds } = await handler.viewByIds(ids);
    return { known: known.map(({ account, asOfMs }) => [account.accountId, asOfMs]), isStale, unreadIds };
  };

  beforeEach(() => {
    nowMs = 1_000;
    const now = () => nowMs;
    accounts = new SwitchableAccounts();
    const cache = new MemoryAccountCache({ accountsMax: 100, ageMaxMs: 60_000, now });
    handler = new ReadAccountsHandler(accounts, { buckets: BUCKETS, cache, now });
    accounts.stored = [accountNamed('a', { holderId: 'h' }), accountNamed('b', { holderId: 'h' })];
  });

  it('shows accounts as they are, and leaves out what does not exist', async () => {
    expect(await view('a', 'unknown')).toEqual({ known: [['a', 1_000]], isStale: false, unreadIds: [] });
  });

  it('shows what was read last while the database is away, and says so', async () => {
    await view('a');
    accounts.isAway = true;
    nowMs = 5_000;
    expect(await view('a')).toEqual({ known: [['a', 1_000]], isStale: true, unreadIds: [] });
  });

  it('names what it knows nothing about instead of saying that it does not exist', async () => {
    await view('a');
    accounts.isAway = true;
    expect(await view('a', 'b', 'b', 'unknown')).toEqual({
      known: [['a', 1_000]],
      isStale: true,
      unreadIds: ['b', 'unknown'],
    });
  });

  it('fails when it knows nothing about any of them', async () => {
    accounts.isAway = true;
    await expect(view('a', 'unknown')).rejects.toBeInstanceOf(OutageError);
  });

  it('never gives anything stale to those who decide', async () => {
    await view('a');
    await handler.byHolder('h');
    accounts.isAway = true;
    await expect(handler.byIds(['a'])).rejects.toBeInstanceOf(OutageError);
    await expect(handler.byHolder('h')).rejects.toBeInstanceOf(OutageError);
  });

  it('is fresh again when the database is back', async () => {
    await view('a');
    accounts.isAway = true;
    for (let i = 0; i < 5; i++) await view('a');
    accounts.isAway = false;
    nowMs += 1_000;
    expect(await view('a')).toMatchObject({ isStale: false });
  });

  it('remembers an account that exists once per bucket as its sum', async () => {
    accounts.stored = [0, 1, 3].map((bucket) => accountNamed('@world/CHIPS', { bucket, balance: -5n }));
    await view('@world/CHIPS');
    accounts.isAway = true;
    const { accounts: known } = await handler.viewByIds(['@world/CHIPS']);
    expect(known.map(({ account }) => account.balance)).toEqual([-15n]);
  });

  it('shows a holder’s accounts only when all of them are known', async () => {
    await view('a', 'b');
    accounts.isAway = true;
    await expect(handler.viewByHolder('h')).rejects.toBeInstanceOf(OutageError);
    accounts.isAway = false;
    await handler.viewByHolder('h');
    accounts.isAway = true;
    const { accounts: known, isStale } = await handler.viewByHolder('h');
    expect([known.map(({ account }) => account.accountId), isStale]).toEqual([['a', 'b'], true]);
  });

  it('does not hide a failure that is no outage', async () => {
    await view('a');
    accounts.find = () => Promise.reject(new TypeError('bug'));
    await expect(view('a')).rejects.toThrow('bug');
  });
});
