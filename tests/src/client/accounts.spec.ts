import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SteelyardClient } from '@steelyard/client';
import { useDatabase } from '@steelyard/testing/postgres';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { clientOf, TRANSPORTS } from './support/both-transports.js';
import { granted, refusal } from './support/results.js';

describe('accounts and money through the client', () => {
  const database = useDatabase();
  let platform: RunningPlatform;

  beforeAll(async () => {
    const env = { DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
    platform = await startPlatform({ apps: ['balance', 'ledger', 'gateway'], env });
  });
  afterAll(() => platform.stop());

  describe.each(TRANSPORTS)('over %s', (transport) => {
    let client: SteelyardClient;
    let names = 0;
    const fresh = (what: string): string => `${transport}-${what}-${names++}`;

    beforeAll(async () => {
      client = await clientOf(platform, transport);
    });
    afterAll(() => client.close());

    async function rich(amount = 100n): Promise<string> {
      const accountId = fresh('player');
      granted(await client.accounts.deposit({ accountId, amount }));
      return accountId;
    }

    it('opens an account once', async () => {
      const input = { accountId: fresh('player'), initialBalance: 7n, tier: 'gold', holderId: 'holder' };
      const expected = { accountId: input.accountId, balance: 7n, currency: 'CHIPS' };
      expect(granted(await client.accounts.open(input)).value).toEqual({ ...expected, created: true });
      expect(granted(await client.accounts.open(input)).value).toEqual({ ...expected, created: false });
    });

    it('reads the whole account', async () => {
      const accountId = fresh('player');
      const limits = { creditLimit: null, minimumHold: 2n, maxBalance: 1_000n };
      const metadata = { seat: 'window', nested: { a: [1, null] } };
      await client.accounts.open({
        accountId,
        tier: 'gold',
        agentId: 'agent',
        limits,
        metadata,
        currency: 'USD',
      });
      const read = await client.accounts.get(accountId);
      expect(read).toMatchObject({
        ok: true,
        value: {
          accountId,
          balance: 0n,
          held: 0n,
          version: 1n,
          currency: 'USD',
          status: 'active',
          tier: 'gold',
          holderId: null,
          agentId: 'agent',
          creditLimit: null,
          minimumHold: 2n,
          maxBalance: 1_000n,
          metadata,
          createdAt: expect.any(Date),
        },
      });
    });

    it('deposits with all that can be said about it', async () => {
      const accountId = fresh('player');
      const deposited = granted(
        await client.accounts.deposit({
          accountId,
          amount: 2n ** 53n - 1n,
          source: 'BONUS',
          reason: 'welcome',
          performedBy: 'me',
          agentId: 'agent',
          metadata: { campaign: 3 },
          effectiveAt: new Date('2026-01-02T03:04:05.678Z'),
        }),
      );
      expect(deposited).toMatchObject({
        replayed: false,
        value: {
          type: 'BONUS',
          accountId,
          currency: 'CHIPS',
          amount: 9_007_199_254_740_991n,
          balanceBefore: 0n,
          balanceAfter: 9_007_199_254_740_991n,
          committedAt: expect.any(Date),
        },
      });
    });

    it('withdraws what is there, and is refused what is not', async () => {
      const accountId = await rich(10n);
      expect(granted(await client.accounts.withdraw({ accountId, amount: 4n })).value).toMatchObject({
        type: 'WITHDRAW',
        amount: 4n,
        balanceBefore: 10n,
        balanceAfter: 6n,
      });
      expect(refusal(await client.accounts.withdraw({ accountId, amount: 7n }))).toMatchObject({
        code: 'INSUFFICIENT_BALANCE',
        field: 'amount',
      });
    });

    it('reads a balance, and knows which accounts there are none of', async () => {
      const accountId = await rich(10n);
      const read = await client.accounts.balance(accountId);
      const value = {
        accountId,
        balance: 10n,
        availableBalance: 10n,
        held: 0n,
        currency: 'CHIPS',
        stale: false,
      };
      expect(read).toMatchObject({ ok: true, value });
      expect(refusal(await client.accounts.balance('nobody')).code).toBe('ACCOUNT_NOT_FOUND');
      expect(refusal(await client.accounts.get('nobody')).code).toBe('ACCOUNT_NOT_FOUND');
    });

    it('transfers, and reverses a part', async () => {
      const [from, to] = [await rich(10n), await rich(1n)];
      const transferred = granted(await client.transfer({ from, to, amount: 6n, reason: 'lunch' }));
      expect(transferred.value).toMatchObject({
        type: 'TRANSFER',
        amount: 6n,
        from: { accountId: from, amount: -6n, balanceBefore: 10n, balanceAfter: 4n },
        to: { accountId: to, amount: 6n, balanceBefore: 1n, balanceAfter: 7n },
      });
      const { transactionId } = transferred.value;
      const reversed = granted(await client.reverse({ transactionId, reason: 'too much', amount: 2n }));
      expect(reversed.value).toMatchObject({ type: 'REVERSAL', amount: 2n });
      expect(reversed.value.entries).toHaveLength(2);
      expect(reversed.value.metadata).toMatchObject({ reason: 'too much', reverses: transactionId });
    });

    it('converts between currencies', async () => {
      const from = await rich(11n);
      const to = fresh('dollars');
      await client.accounts.open({ accountId: to, currency: 'USD' });
      const converted = granted(await client.transfer({ from, to, amount: 10n, rate: '0.05' }));
      expect(converted.value).toMatchObject({
        type: 'CONVERSION',
        from: { amount: -10n },
        to: { amount: 50n },
      });
      expect(refusal(await client.transfer({ from, to, amount: 1n })).code).toBe('RATE_REQUIRED');
    });

    it('has one effect under one key, and says that it is the first answer again', async () => {
      const accountId = fresh('player');
      const options = { idempotencyKey: fresh('key') };
      const first = granted(await client.accounts.deposit({ accountId, amount: 5n }, options));
      const again = granted(await client.accounts.deposit({ accountId, amount: 5n }, options));
      expect(again).toEqual({ ...first, replayed: true });
      expect(first.idempotencyKey).toBe(options.idempotencyKey);
      const other = await client.accounts.deposit({ accountId, amount: 6n }, options);
      expect(refusal(other).code).toBe('IDEMPOTENCY_CONFLICT');
    });

    it('carries out an independent batch item by item', async () => {
      const [accountId, other] = [await rich(10n), fresh('other')];
      const results = await client.batch({
        mode: 'independent',
        items: [
          { kind: 'withdraw', accountId, amount: 3n },
          { kind: 'withdraw', accountId, amount: 99n },
          { kind: 'deposit', accountId: other, amount: 1n, source: 'BONUS' },
          { kind: 'deposit', accountId, amount: 2n ** 60n },
          { kind: 'transfer', from: accountId, to: other, amount: 7n },
        ],
      });
      expect(results).toMatchObject([
        { ok: true, value: { balanceAfter: 7n } },
        { ok: false, error: { code: 'INSUFFICIENT_BALANCE' } },
        { ok: true, value: { type: 'BONUS' } },
        { ok: false, error: { code: 'AMOUNT_OUT_OF_RANGE' } },
        { ok: true, value: { from: { balanceAfter: 0n }, to: { balanceAfter: 8n } } },
      ]);
    });

    it('carries out an atomic batch as a whole or not at all', async () => {
      const accountId = await rich(10n);
      const items = (amount: bigint) => [
        { kind: 'withdraw', accountId, amount: 3n } as const,
        { kind: 'withdraw', accountId, amount } as const,
      ];
      const codes = ['ATOMIC_BATCH_REFUSED', 'INSUFFICIENT_BALANCE'].map((code) => ({
        ok: false,
        error: { code },
      }));
      expect(await client.batch({ mode: 'atomic', items: items(99n) })).toMatchObject(codes);
      const both = [{ value: { balanceAfter: 7n } }, { value: { balanceAfter: 6n } }];
      expect(await client.batch({ mode: 'atomic', items: items(1n) })).toMatchObject(both);
    });

    it.each([
      ['a malformed id', { accountId: 'a b', amount: 1n }, 'INVALID_ACCOUNT_ID'],
      ['no id', { accountId: '', amount: 1n }, 'INVALID_ACCOUNT_ID'],
      ['an id that is a path', { accountId: '..', amount: 1n }, 'INVALID_ACCOUNT_ID'],
      ['nothing', { accountId: 'alice', amount: 0n }, 'INVALID_AMOUNT'],
      ['less than nothing', { accountId: 'alice', amount: -1n }, 'INVALID_AMOUNT'],
      ['too much', { accountId: 'alice', amount: 2n ** 53n }, 'AMOUNT_OUT_OF_RANGE'],
      ['an unknown currency', { accountId: 'alice', amount: 1n, currency: 'XXX' }, 'INVALID_CURRENCY'],
      [
        'reserved metadata',
        { accountId: 'alice', amount: 1n, metadata: { reason: 'x' } },
        'INVALID_METADATA',
      ],
    ])('is refused %s', async (_what, input, code) => {
      expect(refusal(await client.accounts.deposit(input)).code).toBe(code);
    });

    it('is refused a malformed key', async () => {
      const deposit = client.accounts.deposit(
        { accountId: 'alice', amount: 1n },
        { idempotencyKey: 'a\u00e9' },
      );
      expect(refusal(await deposit).code).toBe('INVALID_IDEMPOTENCY_KEY');
    });

    it('sends what is called together as one request, one result each', async () => {
      const batching = await clientOf(platform, transport, { batch: true });
      const accountId = await rich(1n);
      const calls = Array.from({ length: 250 }, () => batching.accounts.deposit({ accountId, amount: 1n }));
      const refused = batching.accounts.withdraw({ accountId, amount: 10_000n });
      const balances = (await Promise.all(calls)).map((result) => granted(result).value.balanceAfter);
      expect(new Set(balances).size).toBe(250);
      expect(refusal(await refused).code).toBe('INSUFFICIENT_BALANCE');
      await batching.close();
    });
  });
});
