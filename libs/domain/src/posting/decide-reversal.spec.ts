import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  deposit,
  reverse,
  setStatus,
  transactionIdOfAnswer,
  transfer,
  withdraw,
} from '../../test/support/command-builders.js';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import type { Command, ReversibleTransaction } from './commands.js';

let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
});

function post(command: Command): ReversibleTransaction {
  return ledger.transaction(transactionIdOfAnswer(ledger.execute(command)));
}

describe('a reversal', () => {
  it('moves back all, as a new transaction that names the old one', () => {
    const original = post(deposit('alice', 100n));
    expect(ledger.execute(reverse(original)).outcome).toMatchObject({
      transaction: {
        type: 'REVERSAL',
        amount: 100n,
        metadataJson: `{"reverses":"${original.transactionId}"}`,
        entries: [
          { accountId: 'alice', amount: -100n, balanceAfter: 0n },
          { accountId: '@world/CHIPS', amount: 100n, balanceAfter: 0n },
        ],
      },
    });
    ledger.verifyChains();
  });

  it('of a transfer gives the payer its money back', () => {
    ledger.execute(deposit('alice', 100n));
    ledger.execute(deposit('bob', 1n));
    ledger.execute(reverse(post(transfer(['alice', 'bob'], 60n))));
    expect([ledger.balance('alice'), ledger.balance('bob')]).toEqual([100n, 1n]);
  });

  it('of a withdrawal may pass the ceiling: it is the owner’s own money', () => {
    ledger.give('alice', { balance: 100n, maxBalance: 100n });
    const original = post(withdraw('alice', 60n));
    ledger.execute(deposit('alice', 60n));
    ledger.execute(reverse(original));
    expect(ledger.balance('alice')).toBe(160n);
  });

  it('in parts comes to the whole and not beyond', () => {
    const original = post(deposit('alice', 100n));
    ledger.execute(reverse(original, 30n));
    ledger.execute(reverse(original, 30n));
    expect(ledger.balance('alice')).toBe(40n);
    expect(ledger.execute(reverse(original, 41n)).outcome).toMatchObject({
      code: 'REVERSAL_EXCEEDS_TRANSACTION',
      message: '40 of 100 are left to reverse, 41 was asked',
      field: 'amount',
    });
    ledger.execute(reverse(original));
    expect(ledger.balance('alice')).toBe(0n);
    expect(ledger.execute(reverse(original)).outcome).toMatchObject({ code: 'ALREADY_REVERSED' });
    expect([...ledger.state.reversals.values()]).toEqual([100n]);
  });

  it('in parts within one batch and over several counts every part once', () => {
    const original = post(deposit('alice', 100n));
    const parts = [30n, 30n, 30n, 30n].map((amount) => ledger.prepare(reverse(original, amount)));
    const answers = ledger.executeBatch(parts);
    expect(answers.map(({ outcome }) => outcome.kind)).toEqual([
      'transaction',
      'transaction',
      'transaction',
      'refusal',
    ]);
    ledger.forget();
    expect(ledger.execute(reverse(original, 11n)).outcome).toMatchObject({
      code: 'REVERSAL_EXCEEDS_TRANSACTION',
    });
    expect(ledger.balance('alice')).toBe(10n);
  });

  it('of a conversion is whole, in both currencies', () => {
    ledger.give('alice', { balance: 100n });
    ledger.give('pavel', { currency: 'CZK' });
    const original = post(transfer(['alice', 'pavel'], 10n, { rate: '0.333' }));
    expect(ledger.balance('pavel')).toBe(333n);
    expect(ledger.execute(reverse(original, 5n)).outcome).toMatchObject({
      code: 'NOT_REVERSIBLE',
      field: 'amount',
    });
    ledger.execute(reverse(original, 10n));
    expect([ledger.balance('alice'), ledger.balance('pavel')]).toEqual([100n, 0n]);
    expect([ledger.balance('@fx/CHIPS'), ledger.balance('@fx/CZK')]).toEqual([0n, 0n]);
  });
});

describe('a reversal is refused', () => {
  it('of a reversal', () => {
    const reversal = post(reverse(post(deposit('alice', 100n))));
    expect(ledger.execute(reverse(reversal)).outcome).toMatchObject({
      code: 'NOT_REVERSIBLE',
      field: 'transactionId',
    });
  });

  it.each(['@table/felt/CHIPS', '@pot/felt/hand-1/CHIPS'])('of chips that went to %s', (accountId) => {
    const original = post(deposit('alice', 100n));
    const [leg] = original.legs;
    if (!leg) throw new Error('a deposit has entries');
    const legs = [leg, { ...leg, accountId, amount: -leg.amount }];
    expect(ledger.execute(reverse({ ...original, legs })).outcome).toMatchObject({
      code: 'NOT_REVERSIBLE',
      field: 'transactionId',
    });
    expect(ledger.balance('alice')).toBe(100n);
  });

  it('of money that has been spent', () => {
    const original = post(deposit('alice', 100n));
    ledger.execute(withdraw('alice', 1n));
    expect(ledger.execute(reverse(original)).outcome).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    ledger.execute(reverse(original, 99n));
    expect(ledger.balance('alice')).toBe(0n);
  });

  it('when an account of it is frozen', () => {
    ledger.execute(deposit('bob', 1n));
    ledger.execute(deposit('alice', 100n));
    const original = post(transfer(['alice', 'bob'], 100n));
    ledger.execute(setStatus('bob', 'frozen'));
    expect(ledger.execute(reverse(original)).outcome).toMatchObject({ code: 'ACCOUNT_FROZEN' });
  });

  it('when an account of it is closed', () => {
    ledger.execute(deposit('alice', 100n));
    const original = post(withdraw('alice', 100n));
    ledger.execute(setStatus('alice', 'closed'));
    expect(ledger.execute(reverse(original)).outcome).toMatchObject({ code: 'ACCOUNT_CLOSED' });
  });
});
