import { describe, expect, it } from '@jest/globals';
import { bucketOf } from '../accounts/index.js';
import { deposit, open, reverse, setStatus, transfer, update } from '../../test/support/command-builders.js';
import type { Command, ReversibleTransaction } from './commands.js';
import { differingFields, isSameRequest, prepare, type PreparedCommand } from './prepared-command.js';

const original: ReversibleTransaction = {
  key: { bucket: 3, sequence: 9n },
  transactionId: '019ab2c3-d4e5-7003-8000-000000000900',
  type: 'DEPOSIT',
  legs: [
    { bucket: 3, accountId: 'alice', currency: 'CHIPS', amount: 5n },
    { bucket: 3, accountId: '@world/CHIPS', currency: 'CHIPS', amount: -5n },
  ],
};

function prepared(command: Command, idempotencyKey: string | null = 'key'): PreparedCommand {
  return prepare(command, { idempotencyKey, buckets: 64 });
}

function differences(left: Command, right: Command): string[] {
  const [one, other] = [prepared(left).fingerprint, prepared(right).fingerprint];
  expect(isSameRequest(one, other)).toBe(false);
  return differingFields(one, other);
}

describe('the fingerprint', () => {
  const details = {
    reason: 'r',
    source: 's',
    performedBy: 'p',
    agentId: 'a',
    effectiveAtMs: 1,
    metadata: { m: 1 },
  };
  const posting = deposit('alice', 5n, { currency: 'CHIPS', details });

  it.each<[string, Command, string[]]>([
    ['amount', { ...posting, amount: 6n }, ['amount']],
    ['sign', { ...posting, amount: -5n }, ['amount']],
    ['account', { ...posting, accountId: 'bob' }, ['account']],
    ['currency', { ...posting, currency: 'USD' }, ['currency']],
    ['no currency', deposit('alice', 5n, { details }), ['currency']],
    ['type', { ...posting, type: 'BONUS' }, ['type']],
    ['counterpart', { ...posting, counterpart: 'house' }, ['options']],
    ['opening', { ...posting, opensAccount: false }, ['options']],
    ['reason', { ...posting, details: { ...details, reason: 'x' } }, ['details']],
    ['source', { ...posting, details: { ...details, source: 'x' } }, ['details']],
    ['actor', { ...posting, details: { ...details, performedBy: 'x' } }, ['details']],
    ['agent', { ...posting, details: { ...details, agentId: 'x' } }, ['details']],
    ['business time', { ...posting, details: { ...details, effectiveAtMs: 2 } }, ['details']],
    ['metadata', { ...posting, details: { ...details, metadata: { m: '1' } } }, ['details']],
  ])('of a posting tells another %s apart', (_, other, expected) => {
    expect(differences(posting, other)).toEqual(expected);
  });

  it.each<[string, Command, string[]]>([
    ['payer', transfer(['carol', 'bob'], 5n), ['account']],
    ['receiver', transfer(['alice', 'carol'], 5n), ['account']],
    ['direction', transfer(['bob', 'alice'], 5n), ['account']],
    ['amount', transfer(['alice', 'bob'], 6n), ['amount']],
    ['type', transfer(['alice', 'bob'], 5n, { type: 'SETTLEMENT' }), ['type']],
    // The rate is written on the transaction as well.
    ['rate', transfer(['alice', 'bob'], 5n, { rate: '2' }), ['rate', 'details']],
    ['reason', transfer(['alice', 'bob'], 5n, { details: { reason: 'x' } }), ['details']],
  ])('of a transfer tells another %s apart', (_, other, expected) => {
    expect(differences(transfer(['alice', 'bob'], 5n), other)).toEqual(expected);
  });

  it.each<[string, Command, string[]]>([
    ['amount', reverse(original, 3n), ['amount']],
    ['transaction', reverse({ ...original, transactionId: 'x' }), ['amount', 'details']],
  ])('of a reversal tells another %s apart', (_, other, expected) => {
    expect(differences(reverse(original, 2n), other)).toEqual(expect.arrayContaining(expected));
  });

  const opening = open('alice', { initialBalance: 5n, currency: 'CHIPS', limits: { creditLimit: 5n } });
  it.each<[string, Command, string[]]>([
    ['initial balance', { ...opening, initialBalance: 6n }, ['amount']],
    ['currency', { ...opening, currency: 'USD' }, ['currency']],
    ['tier', { ...opening, tier: 'gold' }, ['options']],
    ['holder', { ...opening, holderId: 'gold' }, ['options']],
    ['agent', { ...opening, agentId: 'gold' }, ['options']],
    ['limit', { ...opening, limits: { creditLimit: 6n } }, ['options']],
    ['removed limit', { ...opening, limits: { creditLimit: null } }, ['options']],
    ['kind of limit', { ...opening, limits: { minimumHold: 5n } }, ['options']],
    ['metadata', { ...opening, details: { metadata: { a: 1 } } }, ['details']],
  ])('of an opening tells another %s apart', (_, other, expected) => {
    expect(differences(opening, other)).toEqual(expected);
  });

  it.each<[string, Command]>([
    ['tier', update('alice', { tier: 'gold' })],
    ['removed tier', update('alice', { tier: null })],
    ['holder', update('alice', { holderId: 'gold' })],
    ['agent', update('alice', { agentId: 'gold' })],
    ['metadata', update('alice', { metadata: {} })],
    ['limit', update('alice', { limits: { maxBalance: null } })],
  ])('of an update tells another %s apart', (_, other) => {
    expect(differences(update('alice'), other)).toEqual(['options']);
  });

  it('tells operations and statuses apart', () => {
    expect(differences(setStatus('alice', 'frozen'), setStatus('alice', 'closed'))).toEqual(['options']);
    expect(differences(setStatus('alice', 'frozen'), update('alice'))).toContain('operation');
  });

  it('is the same for the same request with members in another order', () => {
    const one = prepared(deposit('alice', 5n, { details: { metadata: { a: 1, b: { c: 1, d: 2 } } } }));
    const other = prepared(deposit('alice', 5n, { details: { metadata: { b: { d: 2, c: 1 }, a: 1 } } }));
    expect(one.fingerprint).toBe(other.fingerprint);
  });

  it('is 16 bytes that decide and a 2-byte tag for each of the 8 fields', () => {
    expect(prepared(posting).fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('the slot', () => {
  it('belongs to the account that pays, or the only one', () => {
    const slot = prepared(deposit('alice', 5n)).slot;
    expect(slot).toMatch(/^[0-9a-f]{32}$/);
    expect(prepared(transfer(['alice', 'bob'], 1n)).slot).toBe(slot);
    expect(prepared(open('alice')).slot).toBe(slot);
    expect(prepared(reverse(original)).slot).toBe(slot);
    expect(prepared(deposit('bob', 5n)).slot).not.toBe(slot);
    expect(prepared(transfer(['bob', 'alice'], 1n)).slot).not.toBe(slot);
  });

  it('cannot be reached by shifting the border between account and key', () => {
    expect(prepared(deposit('alice', 5n), '1').slot).not.toBe(prepared(deposit('alice1', 5n), '').slot);
  });

  it('is fixed for ever: the first 128 bits of SHA-256 over account, zero byte and key', () => {
    expect(prepared(deposit('alice', 5n), 'key-1').slot).toBe('9ed9eeec1bc5df91f0a9d2f7fddfc133');
  });

  it.each([
    ['without a key', { idempotencyKey: null, buckets: 64 }],
    ['for a dry run', { idempotencyKey: 'key', isDryRun: true, buckets: 64 }],
  ])('is empty %s', (_, options) => {
    const { slot, fingerprint } = prepare(deposit('alice', 5n), options);
    expect([slot, fingerprint]).toEqual(['', '']);
  });
});

describe('the buckets', () => {
  it('are those of the accounts, home first', () => {
    expect(prepared(deposit('alice', 5n)).buckets).toEqual([bucketOf('alice', 64)]);
    expect(prepared(transfer(['alice', 'bob'], 5n)).buckets).toEqual([5, 18]);
    expect(prepared(transfer(['bob', 'alice'], 5n)).buckets).toEqual([18, 5]);
    expect(prepare(transfer(['bob', 'alice'], 5n), { idempotencyKey: 'k', buckets: 1 }).buckets).toEqual([0]);
  });

  it('of a reversal are those of the original', () => {
    const [first, second] = original.legs;
    if (!first || !second) throw new Error('two legs');
    const command = reverse({ ...original, legs: [first, { ...second, bucket: 60 }] });
    expect(prepared(command).buckets).toEqual([3, 60]);
    expect(prepared(command).homeBucket).toBe(3);
  });
});

describe('the metadata', () => {
  it('of a reversal names what it reverses, of a conversion its rate', () => {
    expect(prepared(reverse(original)).metadataJson).toBe(`{"reverses":"${original.transactionId}"}`);
    expect(prepared(transfer(['alice', 'bob'], 1n, { rate: '2.5' })).metadataJson).toBe('{"rate":"2.5"}');
  });
});
