import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ledgerV1 } from '@steelyard/contracts/grpc';
import { checksumOf, GENESIS } from '@steelyard/domain/ledger-chain';
import { RpcError, type RpcClient } from '@steelyard/platform/rpc';
import { allPages } from './all-pages.js';
import type { LedgerBuilder } from './ledger-builder.js';

export type LedgerClient = RpcClient<typeof ledgerV1.LedgerServiceService>;

export interface ServiceUnderTest {
  client(): LedgerClient;
  builder(): LedgerBuilder;
}

const DAY_1 = Date.UTC(2026, 2, 1);
const DAY_2 = Date.UTC(2026, 2, 2);
const DAY_3 = Date.UTC(2026, 2, 3);
const FIRST_PAGE = { limit: 0, cursor: '' };
const EVERY_TYPE = { ...FIRST_PAGE, type: '', offset: 0 };

/** What the service promises, over whichever transport the client speaks. */
export function describeLedgerService(under: ServiceUnderTest): void {
  const call: LedgerClient['call'] = (method, request, options) =>
    under.client().call(method, request, options);
  let bonus = '';
  let transfer = '';

  beforeAll(async () => {
    const builder = under.builder();
    builder.deposit('alice', 1_000n, {
      atMs: DAY_1,
      metadata: { reason: 'salary', note: 'mzda "únor"' },
      idempotencyKey: 'k-1',
    });
    bonus = builder.deposit('alice', 50n, { type: 'BONUS', atMs: DAY_2 });
    transfer = builder.transfer(
      { from: 'alice', to: 'bob', amount: 300n },
      { atMs: DAY_3, metadata: { reason: 'rent' } },
    );
    builder.open('carol');
    for (const player of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6']) {
      builder.deposit(player, 10n, { currency: 'CHIPS' });
      builder.deposit(player, -3n, { currency: 'CHIPS' });
    }
    await builder.flush();
  });

  describe('ListEntries', () => {
    it('shows entries newest first with all that their checksums cover', async () => {
      const page = await call('listEntries', { accountId: 'alice', ...FIRST_PAGE });
      expect(page).toMatchObject({ total: 3n, nextCursor: '', latestChecksum: page.entries[0]?.checksum });
      expect(page.entries.map(({ sequence, amount, type }) => [sequence, amount, type])).toEqual([
        [3n, -300n, 'TRANSFER'],
        [2n, 50n, 'BONUS'],
        [1n, 1_000n, 'DEPOSIT'],
      ]);
      expect(page.entries.map(checksumOf)).toEqual(page.entries.map(({ checksum }) => checksum));
      expect(page.entries.at(-1)).toMatchObject({
        previousChecksum: GENESIS,
        balanceBefore: 0n,
        metadataJson: '{"note":"mzda \\"únor\\"","reason":"salary"}',
        timestamp: '2026-03-01T00:00:00.000Z',
        hashVersion: 1,
      });
    });

    it('shows the receiver of a transfer the ids of its home', async () => {
      const page = await call('listEntries', { accountId: 'bob', ...FIRST_PAGE });
      expect(page.entries).toMatchObject([{ transactionId: transfer, amount: 300n }]);
    });

    it('walks by cursor over every entry once', async () => {
      const pages = await allPages((cursor) => call('listEntries', { accountId: 'alice', limit: 1, cursor }));
      expect(pages.map(({ entries }) => entries.map(({ sequence }) => sequence))).toEqual([[3n], [2n], [1n]]);
      expect(pages.map(({ total }) => total)).toEqual([3n, 3n, 3n]);
    });

    it('takes times as inclusive on both ends', async () => {
      const between = { fromMs: BigInt(DAY_1), toMs: BigInt(DAY_2) };
      const page = await call('listEntries', { accountId: 'alice', ...FIRST_PAGE, ...between });
      expect(page.entries.map(({ sequence }) => sequence)).toEqual([2n, 1n]);
      expect(page.total).toBe(2n);
      const after = { fromMs: BigInt(DAY_1 + 1), toMs: BigInt(DAY_3 - 1) };
      const inner = await call('listEntries', { accountId: 'alice', ...FIRST_PAGE, ...after });
      expect(inner.entries.map(({ sequence }) => sequence)).toEqual([2n]);
    });

    it('is empty outside the times of an account, and when they are the wrong way round', async () => {
      const request = { accountId: 'alice', ...FIRST_PAGE };
      const late = await call('listEntries', { ...request, fromMs: BigInt(DAY_3 + 1) });
      expect([late.entries, late.total]).toEqual([[], 0n]);
      const crossed = await call('listEntries', { ...request, fromMs: BigInt(DAY_3), toMs: BigInt(DAY_1) });
      expect([crossed.entries, crossed.total]).toEqual([[], 0n]);
    });

    it('shows an account without entries', async () => {
      expect(await call('listEntries', { accountId: 'carol', ...FIRST_PAGE })).toEqual({
        entries: [],
        total: 0n,
        latestChecksum: GENESIS,
        nextCursor: '',
      });
    });

    it('merges the chains of a system account, newest first, page by page', async () => {
      const pages = await allPages((cursor) =>
        call('listEntries', { accountId: '@world/CHIPS', limit: 5, cursor }),
      );
      const entries = pages.flatMap((page) => page.entries);
      expect(entries).toHaveLength(12);
      expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(12);
      const times = entries.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted().toReversed());
      expect(pages[0]).toMatchObject({ total: 12n, latestChecksum: '' });
    });
  });

  describe('ListTransactions', () => {
    it('shows whole transactions, the entry of the asked account first', async () => {
      const page = await call('listTransactions', { accountId: 'bob', ...EVERY_TYPE });
      expect(page).toMatchObject({
        total: 1n,
        nextCursor: '',
        transactions: [
          {
            transactionId: transfer,
            type: 'TRANSFER',
            status: 'COMPLETED',
            amount: 300n,
            currency: 'CZK',
            metadataJson: '{"reason":"rent"}',
            committedAtMs: BigInt(DAY_3),
            entries: [
              { accountId: 'bob', amount: 300n, balanceBefore: 0n, balanceAfter: 300n, sequence: 1n },
              { accountId: 'alice', amount: -300n, balanceBefore: 1_050n, balanceAfter: 750n, sequence: 3n },
            ],
          },
        ],
      });
    });

    it('filters by type and counts what matches', async () => {
      const page = await call('listTransactions', { accountId: 'alice', ...EVERY_TYPE, type: 'BONUS' });
      expect(page.transactions.map(({ transactionId }) => transactionId)).toEqual([bonus]);
      expect(page.total).toBe(1n);
    });

    it('skips an offset and goes on by cursor', async () => {
      const request = { accountId: 'alice', ...EVERY_TYPE, limit: 1 };
      const second = await call('listTransactions', { ...request, offset: 1 });
      expect(second.transactions.map(({ type }) => type)).toEqual(['BONUS']);
      const third = await call('listTransactions', { ...request, cursor: second.nextCursor });
      expect(third.transactions.map(({ type }) => type)).toEqual(['DEPOSIT']);
      expect([third.total, third.nextCursor]).toEqual([3n, '']);
    });

    it('walks over the merged chains of a system account by cursor', async () => {
      const pages = await allPages((cursor) =>
        call('listTransactions', {
          ...EVERY_TYPE,
          accountId: '@world/CHIPS',
          type: 'WITHDRAW',
          limit: 2,
          cursor,
        }),
      );
      const found = pages.flatMap(({ transactions }) => transactions);
      expect(new Set(found.map(({ transactionId }) => transactionId)).size).toBe(6);
      expect(found.map(({ entries }) => [entries[0]?.accountId, entries[0]?.amount])).toEqual(
        Array.from({ length: 6 }, () => ['@world/CHIPS', 3n]),
      );
      expect(pages.map(({ total }) => total)).toEqual([6n, 6n, 6n]);
    });
  });

  describe('GetTransaction', () => {
    it('shows a transaction of two buckets, entries in their order', async () => {
      const { transaction } = await call('getTransaction', { transactionId: transfer.toUpperCase() });
      expect(transaction?.entries.map(({ accountId }) => accountId)).toEqual(['alice', 'bob']);
    });

    it('shows the idempotency key', async () => {
      const page = await call('listTransactions', { accountId: 'alice', ...EVERY_TYPE, type: 'DEPOSIT' });
      const transactionId = page.transactions[0]?.transactionId ?? '';
      const { transaction } = await call('getTransaction', { transactionId });
      expect(transaction).toMatchObject({ idempotencyKey: 'k-1', amount: 1_000n });
    });

    it.each(['', 'x', '019512d0-0000-7000-8000-000000000100'])('does not find %j', async (transactionId) => {
      await expectRefusal(call('getTransaction', { transactionId }), 'NOT_FOUND', 'TRANSACTION_NOT_FOUND');
    });

    it('does not find an id whose time is another', async () => {
      const transactionId = transfer.replace(/^.{8}/, '00000000');
      await expectRefusal(call('getTransaction', { transactionId }), 'NOT_FOUND', 'TRANSACTION_NOT_FOUND');
    });
  });

  describe('GetBalanceAt', () => {
    it.each([
      { at: DAY_1 - 1, balance: 0n, sequence: 0n },
      { at: DAY_1, balance: 1_000n, sequence: 1n },
      { at: DAY_2 - 1, balance: 1_000n, sequence: 1n },
      { at: DAY_2, balance: 1_050n, sequence: 2n },
      { at: DAY_3 + 1, balance: 750n, sequence: 3n },
    ])('shows $balance at $at', async ({ at, balance, sequence }) => {
      const found = await call('getBalanceAt', { accountId: 'alice', atMs: BigInt(at) });
      expect(found).toEqual({ accountId: 'alice', currency: 'CZK', balance, sequence });
    });

    it('sums the chains of a system account', async () => {
      const atMs = BigInt(DAY_3 + 1_000);
      const found = await call('getBalanceAt', { accountId: '@world/CHIPS', atMs });
      expect(found).toEqual({ accountId: '@world/CHIPS', currency: 'CHIPS', balance: -42n, sequence: 12n });
    });
  });

  describe('verification', () => {
    it('proves one account', async () => {
      const { verification } = await call('verifyAccount', { accountId: 'alice' });
      expect(verification).toMatchObject({ accountId: 'alice', valid: true, entriesChecked: 3n, reason: '' });
      expect(verification?.firstInvalidEntry).toBeUndefined();
    });

    it('proves every chain of a system account', async () => {
      const { verification } = await call('verifyAccount', { accountId: '@world/CHIPS' });
      expect(verification).toMatchObject({ valid: true, entriesChecked: 12n });
    });

    it('proves all accounts in bounded steps', async () => {
      const steps = await allPages((cursor) => call('verifyAccounts', { cursor, limit: 2 }));
      expect(Math.max(...steps.map(({ accountsChecked }) => accountsChecked))).toBeLessThanOrEqual(2);
      expect(steps.flatMap(({ failures }) => failures)).toEqual([]);
      expect(steps.reduce((sum, { entriesChecked }) => sum + entriesChecked, 0n)).toBe(30n);
    });

    it('shows the books', async () => {
      const status = await call('getStatus', {});
      expect(status).toMatchObject({ entries: 30n, invalidAccounts: 0n, driftedAccounts: 0n });
      expect(status.sums).toEqual([
        { currency: 'CHIPS', sumOfEntries: 0n },
        { currency: 'CZK', sumOfEntries: 0n },
      ]);
    });
  });

  describe('refusals', () => {
    const list = { accountId: 'alice', ...EVERY_TYPE };

    it.each(['listEntries', 'listTransactions', 'verifyAccount'] as const)(
      '%s does not know an account that was never opened',
      async (method) => {
        const request = { ...list, accountId: 'nobody' };
        await expectRefusal(call(method, request), 'NOT_FOUND', 'ACCOUNT_NOT_FOUND');
        const unused = { ...list, accountId: '@house/CZK' };
        await expectRefusal(call(method, unused), 'NOT_FOUND', 'ACCOUNT_NOT_FOUND');
      },
    );

    it('shows no balance of an account that was never opened', async () => {
      const asked = call('getBalanceAt', { accountId: 'nobody', atMs: 0n });
      await expectRefusal(asked, 'NOT_FOUND', 'ACCOUNT_NOT_FOUND');
    });

    it.each(['', ' ', 'a b', 'a\u0000', 'é', '@', 'x'.repeat(402)])(
      'takes %j as no account',
      async (accountId) => {
        await expectRefusal(call('verifyAccount', { accountId }), 'INVALID_ARGUMENT', 'INVALID_ACCOUNT_ID');
        const listed = call('listEntries', { ...FIRST_PAGE, accountId });
        await expectRefusal(listed, 'INVALID_ARGUMENT', 'INVALID_ACCOUNT_ID');
      },
    );

    it.each([
      { limit: 501 },
      { offset: 10_001 },
      { offset: 1, cursor: 'x' },
      { type: 'NOTHING' },
      { fromMs: 8_640_000_000_000_001n },
      { toMs: -8_640_000_000_000_001n },
    ])('refuses $limit $offset $type $fromMs $toMs', async (changes) => {
      await expectRefusal(
        call('listTransactions', { ...list, ...changes }),
        'INVALID_ARGUMENT',
        'INVALID_REQUEST',
      );
    });

    it.each(['x', '!', 'W10', 'e30', 'bnVsbA', 'x'.repeat(2_000), otherFields()])(
      'takes %j as no cursor',
      async (cursor) => {
        const status = 'INVALID_ARGUMENT';
        await expectRefusal(call('listEntries', { ...list, cursor }), status, 'INVALID_CURSOR');
        await expectRefusal(call('listTransactions', { ...list, cursor }), status, 'INVALID_CURSOR');
        await expectRefusal(call('verifyAccounts', { cursor, limit: 1 }), status, 'INVALID_CURSOR');
      },
    );

    it("takes another account's cursor as none", async () => {
      const { nextCursor } = await call('listEntries', { accountId: 'alice', limit: 1, cursor: '' });
      const asked = call('listEntries', { accountId: 'bob', limit: 1, cursor: nextCursor });
      await expectRefusal(asked, 'INVALID_ARGUMENT', 'INVALID_CURSOR');
    });

    it('refuses to verify more accounts than a call may', async () => {
      const asked = call('verifyAccounts', { cursor: '', limit: 1_001 });
      await expectRefusal(asked, 'INVALID_ARGUMENT', 'INVALID_REQUEST');
    });
  });
}

function otherFields(): string {
  return Buffer.from(JSON.stringify(['page.1', 'alice', '-1', 0, '1'])).toString('base64url');
}

async function expectRefusal(asked: Promise<unknown>, status: string, code: string): Promise<void> {
  const error: unknown = await asked.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({ status, message: expect.stringMatching(new RegExp(`^${code}: `)) });
}
