import { status } from '@grpc/grpc-js';
import { describe, expect, it } from '@jest/globals';
import { balanceV1, legacyBalance } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { accountIds } from '../support/commands.js';
import { useLegacyClient } from '../support/legacy-client.js';
import { useBalanceApp } from '../support/use-balance-app.js';
import { wire } from '../support/wire.js';

const DEADLINE_MS = 60_000;

describe('the replaced balance service', () => {
  const app = useBalanceApp(async () => ({ DEFAULT_CURRENCY: 'EUR' }));
  const call = useLegacyClient(() => app.grpcAddress);
  const callWithLongs = useLegacyClient(() => app.grpcAddress, {});

  it('answers zeros and the default currency for an unknown account', async () => {
    expect(await call('GetBalance', { account_id: 'nobody' })).toEqual({
      account_id: 'nobody',
      balance: '0',
      available_balance: '0',
      currency: 'EUR',
      version: '0',
    });
  });

  it('creates an account once, with its initial balance', async () => {
    const account_id = accountIds()('alice');
    expect(await call('EnsureAccount', { account_id, initial_balance: '1000' })).toEqual({
      account_id,
      balance: '1000',
      created: true,
    });
    expect(await call('EnsureAccount', { account_id, initial_balance: '77' })).toEqual({
      account_id,
      balance: '1000',
      created: false,
    });
    expect(await call('GetBalance', { account_id })).toEqual({
      account_id,
      balance: '1000',
      available_balance: '1000',
      currency: 'EUR',
      version: '2',
    });
  });

  it('creates it once, too, when many ask at the same time', async () => {
    const account_id = accountIds()('alice');
    const replies = await Promise.all(
      Array.from({ length: 30 }, () => call('EnsureAccount', { account_id, initial_balance: '5' })),
    );
    expect(replies.filter(({ created }) => created === true)).toHaveLength(1);
    expect(new Set(replies.map(({ balance }) => balance))).toEqual(new Set(['5']));
  });

  it('carries 64-bit integers exactly to a client that reads them as Long', async () => {
    const accountId = accountIds()('alice');
    const initialBalance = '9007199254740991';
    await callWithLongs('EnsureAccount', { accountId, initialBalance });
    const reply = await callWithLongs('GetBalance', { accountId });
    expect(String(reply['balance'])).toBe(initialBalance);
    expect(reply['balance']).toMatchObject({ low: -1, high: 2_097_151, unsigned: false });
  });

  it('shows the same account as the new service', async () => {
    const accountId = accountIds()('alice');
    const settings = { address: app.grpcAddress, deadlineMs: DEADLINE_MS };
    const current = grpcClient(balanceV1.BalanceServiceService, settings);
    const legacy = grpcClient(legacyBalance.BalanceServiceService, settings);
    try {
      await current.call('execute', {
        commands: [
          wire.open(accountId, { currency: 'USD', initialBalance: 10n, limits: undefined }),
          wire.withdraw(accountId, { amount: 4n }),
        ],
      });
      expect(await legacy.call('getBalance', { accountId })).toEqual({
        accountId,
        balance: 6n,
        availableBalance: 6n,
        currency: 'USD',
        version: 3n,
      });
    } finally {
      await current.close();
      await legacy.close();
    }
  });

  it.each([
    ['EnsureAccount', { account_id: '', initial_balance: '1' }],
    ['EnsureAccount', { account_id: '@world/EUR', initial_balance: '1' }],
    ['EnsureAccount', { account_id: 'x', initial_balance: '-1' }],
    ['EnsureAccount', { account_id: 'x', initial_balance: '9007199254740992' }],
    ['GetBalance', { account_id: 'a b' }],
  ] as const)('answers INVALID_ARGUMENT to %s %p', async (method, request) => {
    await expect(call(method, request)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    expect(await call('GetBalance', { account_id: 'x' })).toMatchObject({ version: '0' });
  });
});
