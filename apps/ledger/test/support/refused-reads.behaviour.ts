import { describe, it } from '@jest/globals';
import { EVERY_TYPE, expectRefusal, FIRST_PAGE, type LedgerCall } from './ledger-calls.js';

/** What the service does not know and does not take. */
export function describeRefusedReads(call: LedgerCall): void {
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
