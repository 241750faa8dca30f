import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, setStatus } from '../../test/support/command-builders.js';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import { commit, reservationOf, reserveBuyIn } from '../../test/support/reservation-builders.js';
import { buyIn, cashOut, codesOf, setPolicy } from '../../test/support/table-builders.js';
import type { CashOut } from './table-commands.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
const TABLE_CHIPS = '@table/t-1/CHIPS';
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
});

describe('a cash-out', () => {
  it('takes chips from the table to the account, in one transaction over both buckets', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    const details = { reason: 'leaves' };
    const { outcome } = ledger.execute(cashOut('alice', 70n, { seatId: 4, handId: 'h-9', details }));
    expect(outcome).toMatchObject({
      kind: 'transaction',
      transaction: {
        type: 'CASH_OUT',
        amount: 70n,
        entries: [
          { accountId: 'alice', amount: 70n, balanceAfter: 70n },
          { accountId: TABLE_CHIPS, amount: -70n, balanceAfter: 30n },
        ],
        metadataJson: '{"handId":"h-9","reason":"leaves","seatId":4,"tableId":"t-1"}',
      },
    });
    const [home] = ledger.lastWriteSet?.facts ?? [];
    expect(home?.key.bucket).toBe(ledger.account(TABLE_CHIPS).bucket);
    expect(ledger.account('alice').bucket).not.toBe(ledger.account(TABLE_CHIPS).bucket);
    expect(ledger.lastInflations).toEqual([]);
    ledger.verifyChains();
  });

  it('of the last chip empties the table', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    expect(codesOf([ledger.execute(cashOut('alice', 100n))])).toEqual(['transaction']);
    expect(ledger.balance(TABLE_CHIPS)).toBe(0n);
  });

  it('may go to whoever it says: the table does not know whose chips are whose', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    ledger.give('bob');
    ledger.execute(cashOut('bob', 100n));
    expect(ledger.balance('bob')).toBe(100n);
  });

  it('passes the ceiling of the account: it is the owner’s own money', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    ledger.give('capped', { maxBalance: 10n });
    expect(codesOf([ledger.execute(cashOut('capped', 100n))])).toEqual(['transaction']);
    expect(ledger.balance('capped')).toBe(100n);
  });

  it('reaches a frozen account', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    ledger.execute(setStatus('alice', 'frozen'));
    expect(codesOf([ledger.execute(cashOut('alice', 100n))])).toEqual(['transaction']);
    expect(ledger.account('alice')).toMatchObject({ balance: 100n, status: 'frozen' });
  });

  it('is in the currency of the account, from the table’s account in it', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    ledger.execute(deposit('pavel', 7n, { currency: 'CZK' }));
    ledger.execute(commit(reservationOf(ledger.execute(reserveBuyIn(['pavel', 't-1'], 7n)))));
    expect(codesOf([cashOut('pavel', 8n), cashOut('pavel', 7n)].map((one) => ledger.execute(one)))).toEqual([
      'INSUFFICIENT_ESCROW',
      'transaction',
    ]);
    expect([ledger.balance(TABLE_CHIPS), ledger.balance('@table/t-1/CZK')]).toEqual([100n, 0n]);
  });

  it.each<[string, CashOut, string, string]>([
    ['to nobody', cashOut('nobody', 1n), 'ACCOUNT_NOT_FOUND', 'accountId'],
    ['to a closed account', cashOut('closed', 1n), 'ACCOUNT_CLOSED', 'accountId'],
    ['of more than is on the table', cashOut('alice', 101n), 'INSUFFICIENT_ESCROW', 'amount'],
    [
      'from a table that nobody bought in to',
      cashOut('alice', 1n, { tableId: 't-2' }),
      'INSUFFICIENT_ESCROW',
      'amount',
    ],
    ['in a currency that is not on the table', cashOut('pavel', 1n), 'INSUFFICIENT_ESCROW', 'amount'],
    ['beyond the range of the account', cashOut('rich', 1n), 'AMOUNT_OUT_OF_RANGE', 'amount'],
  ])('is refused %s', (_, command, code, field) => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    ledger.give('closed', { status: 'closed' });
    ledger.give('pavel', { currency: 'CZK' });
    ledger.give('rich', { balance: AMOUNT_MAX });
    const before = ledger.snapshot();
    expect(ledger.execute(command).outcome).toMatchObject({ kind: 'refusal', code, field });
    expect(ledger.state.accounts).toEqual(before.accounts);
    expect(ledger.state.facts).toEqual(before.facts);
  });

  it('says what the table has when it has too little', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    expect(ledger.execute(cashOut('alice', 101n)).outcome).toMatchObject({
      message: 'the table has 100 in play, 101 cannot leave it',
    });
  });
});

describe('the policy of a table', () => {
  it('is the deployment’s when the table comes into being', () => {
    for (const escrowPolicy of ['strict', 'observe'] as const) {
      const one = new MemoryLedger({ escrowPolicy });
      buyIn(one, ['alice', 't-1'], 100n);
      expect(one.account(TABLE_CHIPS).creditLimit).toBe(escrowPolicy === 'strict' ? 0n : null);
    }
  });

  it('set before anybody plays opens the table', () => {
    const { outcome } = ledger.execute(setPolicy('observe', { details: { performedBy: 'op-1' } }));
    expect(outcome).toMatchObject({
      kind: 'account',
      isCreated: true,
      account: { accountId: TABLE_CHIPS, creditLimit: null, balance: 0n },
    });
    expect(ledger.state.facts).toMatchObject([{ kind: 'ACCOUNT_OPENED' }]);
    expect(JSON.parse(ledger.state.facts[0]?.dataJson ?? '')).toMatchObject({ performedBy: 'op-1' });
    buyIn(ledger, ['alice', 't-1'], 100n);
    expect(codesOf([ledger.execute(cashOut('alice', 101n))])).toEqual(['transaction']);
  });

  it('changes, and what was remembers', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    const { outcome } = ledger.execute(setPolicy('observe'));
    expect(outcome).toMatchObject({ isCreated: false, account: { creditLimit: null, balance: 100n } });
    expect(JSON.parse(ledger.state.facts.at(-1)?.dataJson ?? '')).toMatchObject({
      before: { creditLimit: '0' },
      after: { creditLimit: null },
    });
    expect(ledger.lastWriteSet?.changedAccounts).toMatchObject([{ isProfileChanged: true }]);
    ledger.execute(setPolicy('strict'));
    expect(codesOf([ledger.execute(cashOut('alice', 101n))])).toEqual(['INSUFFICIENT_ESCROW']);
  });

  it('asked for again changes nothing', () => {
    ledger.execute(setPolicy('observe'));
    const { version } = ledger.account(TABLE_CHIPS);
    ledger.execute(setPolicy('observe'));
    expect(ledger.lastWriteSet?.facts).toEqual([]);
    expect(ledger.account(TABLE_CHIPS).version).toBe(version);
  });

  it('cannot become strict while the table is below zero', () => {
    ledger.execute(setPolicy('observe'));
    ledger.give('alice');
    ledger.execute(cashOut('alice', 5n));
    expect(ledger.execute(setPolicy('strict')).outcome).toEqual({
      kind: 'refusal',
      code: 'LIMIT_BELOW_USAGE',
      message: 'the table is 5 below zero; bring that in before it can be strict',
      field: 'escrowPolicy',
    });
    buyIn(ledger, ['bob', 't-1'], 5n);
    expect(ledger.execute(setPolicy('strict')).outcome).toMatchObject({
      account: { creditLimit: 0n, balance: 0n },
    });
  });

  it('is that of one currency: others of the table keep theirs', () => {
    ledger.execute(setPolicy('observe', { currency: 'CZK' }));
    buyIn(ledger, ['alice', 't-1'], 1n);
    expect(ledger.account('@table/t-1/CZK').creditLimit).toBeNull();
    expect(ledger.account(TABLE_CHIPS).creditLimit).toBe(0n);
  });

  it('is refused in a currency that the deployment does not have', () => {
    expect(ledger.execute(setPolicy('observe', { currency: 'XXX' })).outcome).toMatchObject({
      code: 'INVALID_CURRENCY',
      field: 'currency',
    });
    expect(ledger.state.accounts.size).toBe(0);
  });
});
