import { describe, expect, it } from '@jest/globals';
import { accountToJson, openedAccount } from '@steelyard/domain/accounts';
import type { JsonObject } from '@steelyard/domain/ledger-chain';
import type { Fact } from '@steelyard/facts/inbox';
import { draftsOf } from './fact-drafts.js';

const AT_MS = Date.UTC(2026, 0, 1);
const FACT_ID = '019b7788-0000-7003-8000-000000000100';

function factOf(kind: string, data: JsonObject, entries: Fact['entries'] = []): Fact {
  return {
    bucket: 3,
    sequence: 1n,
    kind,
    factId: FACT_ID,
    committedAtMs: BigInt(AT_MS),
    idempotencyKey: '',
    dataJson: JSON.stringify(data),
    home: undefined,
    legs: [],
    entries,
  };
}

function entryOf(accountId: string, amount: bigint, ordinal: number): Fact['entries'][number] {
  return {
    entryId: `019b7788-0000-7003-8000-00000000010${ordinal}`,
    accountId,
    currency: 'CZK',
    amount,
    balanceBefore: 100n,
    balanceAfter: 100n + amount,
    sequence: 7n,
    checksum: 'ab'.repeat(32),
  };
}

const alice = openedAccount({ bucket: 3, accountId: 'alice', currency: 'CZK', agentId: 'desk-1' }, AT_MS);

describe('draftsOf', () => {
  it('makes one record for each entry of a client, with the balances of the ledger', () => {
    const metadata = {
      performedBy: 'boss',
      reason: 'bonus',
      agentId: 'desk-7',
      source: 'till',
      email: 'a@b.cz',
    };
    const entries = [entryOf('alice', 25n, 1), entryOf('bob', -25n, 2), entryOf('@world/CZK', -25n, 3)];
    const drafts = draftsOf(factOf('DEPOSIT', metadata, entries));
    expect(drafts.map(({ accountId, recordId }) => [accountId, recordId.slice(-2)])).toEqual([
      ['alice', '01'],
      ['bob', '02'],
    ]);
    expect(drafts[0]).toEqual({
      bucket: 3,
      recordId: '019b7788-0000-7003-8000-000000000101',
      atMs: AT_MS,
      action: 'BALANCE_CHANGED',
      accountId: 'alice',
      agentId: 'desk-7',
      content: {
        performedBy: 'boss',
        reason: 'bonus',
        entryChecksum: 'ab'.repeat(32),
        currency: 'CZK',
        amount: 25n,
        balanceBefore: 100n,
        balanceAfter: 125n,
        // The caller's own metadata, an address for example, stay out.
        detail: { type: 'DEPOSIT', source: 'till' },
      },
    });
  });

  it.each(['@world/CZK', '@house/CZK', '@fx/CZK', '@table/t1/CZK', '@pot/t1/h1/CZK'])(
    'leaves out movements of %s',
    (accountId) => expect(draftsOf(factOf('BET', {}, [entryOf(accountId, 5n, 1)]))).toEqual([]),
  );

  it('tells what a change of limits was before and after, and that metadata changed', () => {
    const after = { ...alice, creditLimit: 500n, tier: 'gold', metadataJson: '{"email":"a@b.cz"}' };
    const data = {
      before: accountToJson(alice),
      after: accountToJson(after),
      performedBy: 'boss',
      reason: 'vip',
    };
    const [draft] = draftsOf(factOf('ACCOUNT_UPDATED', data));
    expect(draft).toMatchObject({
      recordId: FACT_ID,
      action: 'ACCOUNT_UPDATED',
      accountId: 'alice',
      agentId: 'desk-1',
      content: { performedBy: 'boss', reason: 'vip' },
    });
    expect(draft?.content.detail).toEqual({
      before: { tier: null, creditLimit: '0' },
      after: { tier: 'gold', creditLimit: '500' },
      metadataChanged: true,
    });
  });

  it('tells of a freeze', () => {
    const data = {
      before: accountToJson(alice),
      after: accountToJson({ ...alice, status: 'frozen' }),
      performedBy: 'boss',
    };
    const [draft] = draftsOf(factOf('ACCOUNT_STATUS_CHANGED', data));
    expect(draft?.content.detail).toEqual({ before: { status: 'active' }, after: { status: 'frozen' } });
  });

  it('tells how an account was opened', () => {
    const [draft] = draftsOf(
      factOf('ACCOUNT_OPENED', { after: accountToJson(alice), initialBalance: '100' }),
    );
    expect(draft?.content).toEqual({
      currency: 'CZK',
      detail: {
        after: { status: 'active', agentId: 'desk-1', creditLimit: '0', minimumHold: '0' },
        initialBalance: '100',
      },
    });
  });

  it('tells of a hold', () => {
    const reservation = {
      reservationId: 'r1',
      accountId: 'alice',
      currency: 'CZK',
      amount: '30',
      target: { kind: 'world' },
      status: 'HELD',
      reference: null,
      expiresAtMs: AT_MS,
      availableAfter: '70',
      metadataJson: '{"email":"a@b.cz"}',
    };
    const [draft] = draftsOf(factOf('RESERVATION_HELD', { reservation, performedBy: 'alice' }));
    expect(draft).toMatchObject({ action: 'RESERVATION_HELD', accountId: 'alice' });
    expect(draft?.content).toEqual({
      performedBy: 'alice',
      currency: 'CZK',
      detail: {
        reservationId: 'r1',
        amount: '30',
        target: { kind: 'world' },
        status: 'HELD',
        availableAfter: '70',
        expiresAt: '2026-01-01T00:00:00.000Z',
      },
    });
  });

  it('tells of the end of a pot', () => {
    const pot = { tableId: 't1', handId: 'h1', currency: 'CZK', status: 'SETTLED', total: '90', rake: '3' };
    const [draft] = draftsOf(factOf('POT_SETTLED', { pot }));
    expect(draft).toMatchObject({
      accountId: '@pot/t1/h1/CZK',
      content: { detail: { tableId: 't1', handId: 'h1', status: 'SETTLED', total: '90', rake: '3' } },
    });
  });

  it('tells what a correction found and what the ledger says', () => {
    const found = { balance: '999', held: '0' };
    const expected = { balance: '100', held: '0' };
    const data = { accountId: 'alice', found, expected, performedBy: 'boss', reason: 'drift' };
    const [draft] = draftsOf(factOf('ACCOUNT_RECONCILED', data));
    expect(draft).toMatchObject({ action: 'ACCOUNT_RECONCILED', accountId: 'alice' });
    expect(draft?.content).toEqual({
      performedBy: 'boss',
      reason: 'drift',
      balanceBefore: 999n,
      balanceAfter: 100n,
      detail: { found, expected },
    });
  });

  it('makes none of what changes no account that it names', () => {
    expect(draftsOf(factOf('SOMETHING_NEW', { anything: 1 }))).toEqual([]);
    const world = openedAccount({ bucket: 3, accountId: '@world/CZK', currency: 'CZK' }, AT_MS);
    expect(draftsOf(factOf('ACCOUNT_OPENED', { after: accountToJson(world) }))).toEqual([]);
  });
});
