import { describe, expect, it } from '@jest/globals';
import { checksumOf, GENESIS } from '@steelyard/domain/ledger-chain';
import { allPages } from './all-pages.js';
import { EVERY_TYPE, expectRefusal, FIRST_PAGE, type LedgerCall } from './ledger-calls.js';
import { DAY_1, DAY_2, DAY_3, type SeededBooks } from './seeded-books.js';

/** What the service promises about entries and transactions, one by one and page by page. */
export function describeListings(call: LedgerCall, books: () => SeededBooks): void {
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
      expect(page.entries).toMatchObject([{ transactionId: books().transfer, amount: 300n }]);
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
            transactionId: books().transfer,
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
      expect(page.transactions.map(({ transactionId }) => transactionId)).toEqual([books().bonus]);
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
      const { transaction } = await call('getTransaction', { transactionId: books().transfer.toUpperCase() });
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
      const transactionId = books().transfer.replace(/^.{8}/, '00000000');
      await expectRefusal(call('getTransaction', { transactionId }), 'NOT_FOUND', 'TRANSACTION_NOT_FOUND');
    });
  });
}
