import { beforeAll, describe, expect, it } from '@jest/globals';
import { allPages } from './all-pages.js';
import type { LedgerBuilder } from './ledger-builder.js';
import type { LedgerCall, LedgerClient } from './ledger-calls.js';
import { describeListings } from './listings.behaviour.js';
import { describeRefusedReads } from './refused-reads.behaviour.js';
import { DAY_1, DAY_2, DAY_3, seedBooks, type SeededBooks } from './seeded-books.js';

export interface ServiceUnderTest {
  client(): LedgerClient;
  builder(): LedgerBuilder;
}

/** What the service promises, over whichever transport the client speaks. */
export function describeLedgerService(under: ServiceUnderTest): void {
  const call: LedgerCall = (method, request, options) => under.client().call(method, request, options);
  let books: SeededBooks = { bonus: '', transfer: '' };
  beforeAll(async () => {
    books = await seedBooks(under.builder());
  });

  describeListings(call, () => books);
  describeBalancesAndVerification(call);
  describeRefusedReads(call);
}

function describeBalancesAndVerification(call: LedgerCall): void {
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
}
