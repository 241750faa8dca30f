import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, transactionIdOfAnswer, withdraw } from '../../test/support/command-builders.js';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import type { PostToAccount } from './commands.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
});

describe('a posting is refused', () => {
  it.each<[string, PostToAccount, string, string]>([
    ['when the account is absent', withdraw('nobody', 1n), 'ACCOUNT_NOT_FOUND', 'accountId'],
    ['in another currency', deposit('alice', 1n, { currency: 'USD' }), 'CURRENCY_MISMATCH', 'currency'],
    ['in an unknown currency', deposit('new', 1n, { currency: 'XXX' }), 'INVALID_CURRENCY', 'currency'],
    ['on a frozen account', deposit('frozen', 1n), 'ACCOUNT_FROZEN', 'accountId'],
    ['on a closed account', deposit('closed', 1n), 'ACCOUNT_CLOSED', 'accountId'],
    ['without the funds', withdraw('alice', 101n), 'INSUFFICIENT_BALANCE', 'amount'],
    ['below the credit limit', withdraw('credit', 51n), 'INSUFFICIENT_BALANCE', 'amount'],
    ['out of the minimum hold', withdraw('reserve', 81n), 'INSUFFICIENT_BALANCE', 'amount'],
    ['above the ceiling', deposit('capped', 101n), 'LIMIT_EXCEEDED', 'amount'],
    ['above the ceiling as a bonus', deposit('capped', 101n, { type: 'BONUS' }), 'LIMIT_EXCEEDED', 'amount'],
    ['over the range', deposit('alice', AMOUNT_MAX), 'AMOUNT_OUT_OF_RANGE', 'amount'],
    ['by overflow of one', deposit('rich', 1n), 'AMOUNT_OUT_OF_RANGE', 'amount'],
    ['under the range', withdraw('endless', AMOUNT_MAX + 1n), 'AMOUNT_OUT_OF_RANGE', 'amount'],
  ])('%s', (_, command, code, field) => {
    ledger.give('alice', { balance: 100n });
    ledger.give('frozen', { status: 'frozen' });
    ledger.give('closed', { status: 'closed' });
    ledger.give('credit', { creditLimit: 50n });
    ledger.give('reserve', { balance: 100n, minimumHold: 20n });
    ledger.give('capped', { maxBalance: 100n });
    ledger.give('rich', { balance: AMOUNT_MAX });
    ledger.give('endless', { creditLimit: null });
    expect(ledger.execute(command).outcome).toMatchObject({ kind: 'refusal', code, field });
    expect(ledger.state.entries).toEqual([]);
    expect(ledger.state.facts).toEqual([]);
  });

  it('when the outside world would leave the range', () => {
    ledger.execute(deposit('alice', AMOUNT_MAX));
    const { bucket } = ledger.account('alice');
    // Who shares the bucket shares its @world account, which is at its end.
    const names = Array.from({ length: 100 }, (_, i) => `player-${i}`);
    const other = names.find((id) => ledger.prepare(deposit(id, 1n)).homeBucket === bucket) ?? '';
    expect(ledger.execute(deposit(other, 1n)).outcome).toMatchObject({ code: 'AMOUNT_OUT_OF_RANGE' });
    expect(ledger.state.accounts.has(`${bucket} ${other}`)).toBe(false);
  });
});

describe('a deposit', () => {
  it('opens the account in the default currency, and comes from @world', () => {
    const answer = ledger.execute(deposit('alice', 100n));
    expect(answer).toMatchObject({
      isReplayed: false,
      outcome: {
        kind: 'transaction',
        transaction: {
          type: 'DEPOSIT',
          amount: 100n,
          currency: 'CHIPS',
          entries: [
            { accountId: 'alice', amount: 100n, balanceAfter: 100n, sequence: 1n },
            { accountId: '@world/CHIPS', amount: -100n, balanceAfter: -100n, sequence: 1n },
          ],
          idempotencyKey: 'key-1',
        },
      },
    });
    expect(ledger.account('alice')).toMatchObject({
      balance: 100n,
      version: 2n,
      sequence: 1n,
      creditLimit: 0n,
    });
    expect(ledger.state.facts.map(({ kind }) => kind)).toEqual(['ACCOUNT_OPENED', 'DEPOSIT']);
  });

  it('opens the account in the currency that it names', () => {
    ledger.execute(deposit('alice', 1n, { currency: 'CZK' }));
    expect(ledger.account('alice').currency).toBe('CZK');
    expect(ledger.balance('@world/CZK')).toBe(-1n);
  });

  it('fills the account up to its ceiling and to the end of the range', () => {
    ledger.give('capped', { maxBalance: 100n });
    ledger.execute(deposit('capped', 100n));
    expect(ledger.balance('capped')).toBe(100n);
    ledger.execute(deposit('rich', AMOUNT_MAX, { currency: 'CZK' }));
    expect(ledger.balance('rich')).toBe(AMOUNT_MAX);
  });

  it.each(['SETTLEMENT', 'POT_WIN', 'ADJUSTMENT'] as const)('as %s passes the ceiling', (type) => {
    ledger.give('capped', { maxBalance: 100n });
    ledger.execute(deposit('capped', 101n, { type }));
    expect(ledger.balance('capped')).toBe(101n);
  });
});

describe('a withdrawal', () => {
  it('spends the last unit and the credit, and goes to @world', () => {
    ledger.give('alice', { balance: 100n, creditLimit: 50n });
    transactionIdOfAnswer(ledger.execute(withdraw('alice', 150n)));
    expect(ledger.balance('alice')).toBe(-50n);
    expect(ledger.balance('@world/CHIPS')).toBe(150n);
  });

  it('reaches the end of the range without a credit limit', () => {
    ledger.give('endless', { creditLimit: null });
    ledger.execute(withdraw('endless', AMOUNT_MAX));
    expect(ledger.balance('endless')).toBe(-AMOUNT_MAX);
  });
});

describe('a change against the house', () => {
  it('moves between the account and @house', () => {
    ledger.give('alice', { balance: 100n });
    ledger.execute(withdraw('alice', 30n, { counterpart: 'house', type: 'WAGER' }));
    ledger.execute(deposit('alice', 50n, { counterpart: 'house', type: 'SETTLEMENT' }));
    expect(ledger.balance('alice')).toBe(120n);
    expect(ledger.balance('@house/CHIPS')).toBe(-20n);
  });
});
