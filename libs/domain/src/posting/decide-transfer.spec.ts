import { beforeEach, describe, expect, it } from '@jest/globals';
import { ChainVerifier, type ChainFault, type StoredEntry } from '../ledger-chain/index.js';
import { deposit, open, transactionIdOfAnswer, transfer } from '../../test/support/command-builders.js';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import type { Transfer } from './commands.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  ledger.give('alice', { balance: 1_000n });
  ledger.give('bob');
  ledger.give('pavel', { currency: 'CZK' });
  ledger.give('yuki', { currency: 'JPY', balance: 1_000n });
});

describe('a transfer is refused', () => {
  it.each<[string, Transfer, string, string]>([
    ['from nobody', transfer(['nobody', 'bob'], 1n), 'ACCOUNT_NOT_FOUND', 'from'],
    ['to nobody', transfer(['alice', 'nobody'], 1n), 'ACCOUNT_NOT_FOUND', 'to'],
    ['from a frozen account', transfer(['frozen', 'bob'], 1n), 'ACCOUNT_FROZEN', 'from'],
    ['to a frozen account', transfer(['alice', 'frozen'], 1n), 'ACCOUNT_FROZEN', 'to'],
    ['to a closed account', transfer(['alice', 'closed'], 1n), 'ACCOUNT_CLOSED', 'to'],
    ['without the funds', transfer(['alice', 'bob'], 1_001n), 'INSUFFICIENT_BALANCE', 'amount'],
    ['above the receiver’s ceiling', transfer(['alice', 'capped'], 11n), 'LIMIT_EXCEEDED', 'amount'],
    ['over the receiver’s range', transfer(['alice', 'rich'], 1n), 'AMOUNT_OUT_OF_RANGE', 'amount'],
    [
      'with a rate in one currency',
      transfer(['alice', 'bob'], 1n, { rate: '1' }),
      'RATE_NOT_APPLICABLE',
      'rate',
    ],
    [
      'as a conversion in one currency',
      transfer(['alice', 'bob'], 1n, { type: 'CONVERSION' }),
      'INVALID_REQUEST',
      'type',
    ],
    ['between currencies without a rate', transfer(['alice', 'pavel'], 1n), 'RATE_REQUIRED', 'rate'],
    ['at a malformed rate', transfer(['alice', 'pavel'], 1n, { rate: '1e3' }), 'INVALID_AMOUNT', 'rate'],
    ['at a rate of zero', transfer(['alice', 'pavel'], 1n, { rate: '0.0' }), 'INVALID_AMOUNT', 'rate'],
    ['to nothing', transfer(['yuki', 'pavel'], 1n, { rate: '0.009' }), 'INVALID_AMOUNT', 'amount'],
    [
      'to more than the range',
      transfer(['alice', 'pavel'], 1_000n, { rate: '900000000000000000' }),
      'AMOUNT_OUT_OF_RANGE',
      'amount',
    ],
    [
      'above the ceiling by conversion',
      transfer(['alice', 'tip'], 11n, { rate: '1' }),
      'LIMIT_EXCEEDED',
      'amount',
    ],
  ])('%s', (_, command, code, field) => {
    ledger.give('frozen', { status: 'frozen', balance: 5n });
    ledger.give('closed', { status: 'closed' });
    ledger.give('capped', { maxBalance: 10n });
    ledger.give('tip', { maxBalance: 1_000n, currency: 'CZK' });
    ledger.give('rich', { balance: AMOUNT_MAX });
    expect(ledger.execute(command).outcome).toMatchObject({ kind: 'refusal', code, field });
    expect(ledger.state.entries).toEqual([]);
  });
});

describe('a transfer', () => {
  it('moves the whole amount, the payer’s entry first', () => {
    const { outcome } = ledger.execute(transfer(['alice', 'bob'], 400n));
    expect(outcome).toMatchObject({
      transaction: {
        type: 'TRANSFER',
        amount: 400n,
        entries: [
          { accountId: 'alice', amount: -400n, balanceAfter: 600n },
          { accountId: 'bob', amount: 400n, balanceAfter: 400n },
        ],
      },
    });
  });

  it('as a settlement passes the receiver’s ceiling', () => {
    ledger.give('capped', { maxBalance: 10n });
    transactionIdOfAnswer(ledger.execute(transfer(['alice', 'capped'], 11n, { type: 'SETTLEMENT' })));
    expect(ledger.balance('capped')).toBe(11n);
  });

  it('over two buckets leaves one fact in each, the payer’s at home', () => {
    ledger.execute(deposit('dave', 1_000n));
    ledger.execute(open('erin'));
    const [from, to] = [ledger.account('dave'), ledger.account('erin')];
    expect(from.bucket).not.toBe(to.bucket);
    const id = transactionIdOfAnswer(ledger.execute(transfer(['dave', 'erin'], 400n), 'the-key'));
    const [home, leg] = ledger.state.facts.slice(-2);
    expect(home).toMatchObject({
      // After the opening and the deposit.
      key: { bucket: from.bucket, sequence: 3n },
      home: null,
      legs: [{ bucket: to.bucket, sequence: 2n }],
      idempotencyKey: 'the-key',
    });
    expect(leg).toMatchObject({
      key: { bucket: to.bucket, sequence: 2n },
      home: { bucket: from.bucket, sequence: 3n },
      legs: [],
      idempotencyKey: null,
    });
    expect(ledger.chain(to)[0]?.transactionId).toBe(id);
    expect(ledger.chain(from)[1]?.transactionId).toBe(id);
    expect(verifierFault(ledger.chain(from))).toBeUndefined();
    expect(verifierFault(ledger.chain(to))).toBeUndefined();
  });
});

describe('a conversion', () => {
  it('goes through @fx of both currencies, rounds down and has its rate written on it', () => {
    const { outcome } = ledger.execute(transfer(['alice', 'pavel'], 7n, { rate: '24.5371' }));
    expect(outcome).toMatchObject({
      transaction: {
        type: 'CONVERSION',
        amount: 7n,
        currency: 'CHIPS',
        metadataJson: '{"rate":"24.5371"}',
        entries: [
          { accountId: 'alice', currency: 'CHIPS', amount: -7n, balanceAfter: 993n },
          { accountId: '@fx/CHIPS', currency: 'CHIPS', amount: 7n, balanceAfter: 7n },
          { accountId: 'pavel', currency: 'CZK', amount: 17_175n, balanceAfter: 17_175n },
          { accountId: '@fx/CZK', currency: 'CZK', amount: -17_175n, balanceAfter: -17_175n },
        ],
      },
    });
    expect(verifierFault(ledger.chain(ledger.account('pavel')))).toBeUndefined();
    expect(verifierFault(ledger.chain(ledger.account('@fx/CHIPS')))).toBeUndefined();
  });

  it('checks the funds before the rate', () => {
    expect(ledger.execute(transfer(['alice', 'pavel'], 1_001n)).outcome).toMatchObject({
      code: 'INSUFFICIENT_BALANCE',
    });
  });
});

function verifierFault(chain: readonly StoredEntry[]): ChainFault | undefined {
  const verifier = new ChainVerifier();
  expect(chain).not.toEqual([]);
  for (const entry of chain) {
    const fault = verifier.next(entry);
    if (fault) return fault;
  }
  return undefined;
}
