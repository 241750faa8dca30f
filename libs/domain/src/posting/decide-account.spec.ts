import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, open, setStatus, update, withdraw } from '../../test/support/command-builders.js';
import { MemoryLedger, START_MS } from '../../test/support/memory-ledger.js';
import type { Command, OpenAccount } from './commands.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
});

describe('opening an account', () => {
  it('takes what was chosen and the defaults for the rest', () => {
    const limits = { creditLimit: 50n, maxBalance: 1_000n, warningThreshold: 5n };
    const details = { metadata: { vip: true }, reason: 'welcome', performedBy: 'op' };
    const command = open('alice', {
      currency: 'CZK',
      tier: 'gold',
      holderId: 'h',
      agentId: 'a',
      limits,
      details,
    });
    const { outcome } = ledger.execute(command);
    expect(outcome).toMatchObject({ kind: 'account', isCreated: true });
    expect(ledger.account('alice')).toMatchObject({
      currency: 'CZK',
      balance: 0n,
      held: 0n,
      version: 1n,
      sequence: 0n,
      checksum: 'GENESIS',
      status: 'active',
      creditLimit: 50n,
      minimumHold: 0n,
      maxBalance: 1_000n,
      warningThreshold: 5n,
      criticalThreshold: null,
      tier: 'gold',
      holderId: 'h',
      agentId: 'a',
      metadataJson: '{"vip":true}',
      createdAtMs: START_MS,
    });
    const [fact] = ledger.state.facts;
    expect(JSON.parse(fact?.dataJson ?? '')).toMatchObject({ performedBy: 'op', reason: 'welcome' });
  });

  it('deposits the initial balance from the world and answers with it', () => {
    const { outcome } = ledger.execute(open('alice', { initialBalance: 70n }));
    expect(outcome).toMatchObject({ isCreated: true, account: { balance: 70n, version: 2n, sequence: 1n } });
    expect(ledger.state.facts.map(({ kind }) => kind)).toEqual(['ACCOUNT_OPENED', 'DEPOSIT']);
    expect(ledger.balance('@world/CHIPS')).toBe(-70n);
    ledger.verifyChains();
  });

  it('answers with an existing account as it is, and changes nothing', () => {
    ledger.execute(deposit('alice', 5n));
    const before = ledger.account('alice');
    const answer = ledger.execute(open('alice', { initialBalance: 100n, tier: 'gold' }));
    expect(answer.outcome).toEqual({ kind: 'account', account: before, isCreated: false });
    expect(ledger.account('alice')).toEqual(before);
  });

  it('fills the initial balance up to the ceiling, and over the minimum hold', () => {
    const limits = { maxBalance: 100n, minimumHold: 30n };
    const { outcome } = ledger.execute(open('alice', { initialBalance: 100n, limits }));
    expect(outcome).toMatchObject({ isCreated: true });
    expect(ledger.execute(withdraw('alice', 71n)).outcome).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
  });

  it.each<[string, Partial<OpenAccount>, string, string]>([
    ['in an unknown currency', { currency: 'XXX' }, 'INVALID_CURRENCY', 'currency'],
    [
      'above its own ceiling',
      { initialBalance: 11n, limits: { maxBalance: 10n } },
      'LIMIT_EXCEEDED',
      'amount',
    ],
    ['below its own minimum hold', { limits: { minimumHold: 1n } }, 'LIMIT_BELOW_USAGE', 'limits'],
    [
      'one short of its own minimum hold',
      { initialBalance: 9n, limits: { minimumHold: 10n } },
      'LIMIT_BELOW_USAGE',
      'limits',
    ],
    ['beyond the range', { initialBalance: AMOUNT_MAX + 1n }, 'AMOUNT_OUT_OF_RANGE', 'amount'],
  ])('is refused %s', (_, changes, code, field) => {
    expect(ledger.execute(open('alice', changes)).outcome).toMatchObject({ code, field });
    expect(ledger.state.accounts.size).toBe(0);
  });

  it('is refused when the account exists in another currency', () => {
    ledger.execute(deposit('alice', 5n));
    expect(ledger.execute(open('alice', { currency: 'USD' })).outcome).toMatchObject({
      code: 'CURRENCY_MISMATCH',
      field: 'currency',
    });
  });
});

describe('updating an account', () => {
  it('changes what is named, keeps the rest and remembers both', () => {
    ledger.execute(open('alice', { tier: 'gold', holderId: 'h', limits: { maxBalance: 5n } }));
    ledger.nowMs += 1_000;
    const limits = { maxBalance: null, minimumHold: 0n, creditLimit: null };
    ledger.execute(update('alice', { tier: null, agentId: 'a', limits, metadata: { b: 1, a: 2 } }));
    expect(ledger.account('alice')).toMatchObject({
      tier: null,
      holderId: 'h',
      agentId: 'a',
      maxBalance: null,
      creditLimit: null,
      metadataJson: '{"a":2,"b":1}',
      version: 2n,
      createdAtMs: START_MS,
      updatedAtMs: START_MS + 1_000,
    });
    expect(JSON.parse(ledger.state.facts.at(-1)?.dataJson ?? '')).toMatchObject({
      before: { tier: 'gold', maxBalance: '5' },
      after: { tier: null, maxBalance: null },
    });
  });

  it('writes nothing when nothing changes', () => {
    ledger.execute(open('alice', { tier: 'gold' }));
    const { outcome } = ledger.execute(update('alice', { tier: 'gold' }));
    expect(outcome).toMatchObject({ kind: 'account', account: { version: 1n }, isCreated: false });
    expect(ledger.state.facts).toHaveLength(1);
  });

  it.each<[string, Command, string, string]>([
    ['of nobody', update('nobody'), 'ACCOUNT_NOT_FOUND', 'accountId'],
    ['of a closed account', update('closed'), 'ACCOUNT_CLOSED', 'accountId'],
    [
      'to a ceiling below the balance',
      update('alice', { limits: { maxBalance: 99n } }),
      'LIMIT_BELOW_USAGE',
      'limits.maxBalance',
    ],
    [
      'to a minimum hold above the balance',
      update('alice', { limits: { minimumHold: 101n } }),
      'LIMIT_BELOW_USAGE',
      'limits',
    ],
    [
      'to a credit limit below what is used',
      update('debtor', { limits: { creditLimit: 29n } }),
      'LIMIT_BELOW_USAGE',
      'limits',
    ],
  ])('is refused %s', (_, command, code, field) => {
    ledger.give('alice', { balance: 100n });
    ledger.give('debtor', { balance: -30n, creditLimit: 50n });
    ledger.give('closed', { status: 'closed' });
    expect(ledger.execute(command).outcome).toMatchObject({ code, field });
    expect(ledger.state.facts).toEqual([]);
  });

  it('allows limits at what is used already', () => {
    ledger.give('alice', { balance: 100n });
    ledger.give('debtor', { balance: -30n, creditLimit: 50n });
    ledger.execute(update('alice', { limits: { maxBalance: 100n, minimumHold: 100n } }));
    ledger.execute(update('debtor', { limits: { creditLimit: 30n } }));
    expect(ledger.account('alice')).toMatchObject({ maxBalance: 100n, minimumHold: 100n });
    expect(ledger.account('debtor').creditLimit).toBe(30n);
  });
});

describe('the status of an account', () => {
  it('freezes and unfreezes', () => {
    ledger.execute(deposit('alice', 5n));
    ledger.execute(setStatus('alice', 'frozen'));
    expect(ledger.execute(deposit('alice', 1n)).outcome).toMatchObject({ code: 'ACCOUNT_FROZEN' });
    expect(ledger.execute(update('alice', { tier: 'gold' })).outcome).toMatchObject({ kind: 'account' });
    ledger.execute(setStatus('alice', 'active'));
    ledger.execute(deposit('alice', 1n));
    expect(ledger.balance('alice')).toBe(6n);
  });

  it('asked for again changes nothing', () => {
    ledger.give('alice', { status: 'frozen' });
    ledger.execute(setStatus('alice', 'frozen'));
    expect(ledger.account('alice').version).toBe(1n);
  });

  it('closes an empty account for good', () => {
    ledger.give('alice');
    ledger.execute(setStatus('alice', 'closed'));
    expect(ledger.account('alice').status).toBe('closed');
    expect(ledger.execute(setStatus('alice', 'closed')).outcome).toMatchObject({ kind: 'account' });
    expect(ledger.execute(setStatus('alice', 'active')).outcome).toMatchObject({ code: 'ACCOUNT_CLOSED' });
    expect(ledger.execute(open('alice')).outcome).toMatchObject({ account: { status: 'closed' } });
  });

  it.each<[string, object]>([
    ['with a balance', { balance: 1n }],
    ['with a debt', { balance: -1n, creditLimit: 5n }],
    ['with a hold', { held: 1n, creditLimit: 5n }],
  ])('refuses to close %s', (_, changes) => {
    ledger.give('alice', changes);
    expect(ledger.execute(setStatus('alice', 'closed')).outcome).toMatchObject({ code: 'ACCOUNT_NOT_EMPTY' });
  });

  it('is refused for nobody', () => {
    expect(ledger.execute(setStatus('nobody', 'frozen')).outcome).toMatchObject({
      code: 'ACCOUNT_NOT_FOUND',
    });
  });
});
