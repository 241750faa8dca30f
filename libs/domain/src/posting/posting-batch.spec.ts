import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  deposit,
  open,
  reverse,
  setStatus,
  transactionIdOfAnswer,
  transfer,
  update,
  withdraw,
} from '../../test/support/command-builders.js';
import { BUCKETS, MemoryLedger, START_MS } from '../../test/support/memory-ledger.js';
import type { Command } from './commands.js';
import type { Answer } from './outcome.js';
import { prepare, type PreparedCommand } from './prepared-command.js';

let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
});

function dryRun(command: Command): PreparedCommand {
  return prepare(command, { idempotencyKey: 'dry', isDryRun: true, buckets: BUCKETS });
}

function codesOf(answers: readonly Answer[]): string[] {
  return answers.map(({ outcome }) => (outcome.kind === 'refusal' ? outcome.code : outcome.kind));
}

describe('an idempotency key', () => {
  it('gives the same answer again within one batch, with one effect', () => {
    const command = ledger.prepare(deposit('alice', 5n), 'once');
    const answers = ledger.executeBatch([command, command, command]);
    expect(answers.map(({ isReplayed }) => isReplayed)).toEqual([false, true, true]);
    expect(answers[1]?.outcome).toEqual(answers[0]?.outcome);
    expect(ledger.balance('alice')).toBe(5n);
    expect(ledger.lastWriteSet?.keys).toHaveLength(1);
  });

  it('gives the same answer again in a later batch, from memory and from storage', () => {
    const first = ledger.execute(deposit('alice', 5n), 'once');
    ledger.execute(deposit('alice', 1n));
    expect(ledger.execute(deposit('alice', 5n), 'once')).toEqual({
      outcome: first.outcome,
      isReplayed: true,
    });
    ledger.forget();
    expect(ledger.execute(deposit('alice', 5n), 'once')).toEqual({
      outcome: first.outcome,
      isReplayed: true,
    });
    expect(ledger.balance('alice')).toBe(6n);
  });

  it('answers within one batch however many other keys came between', () => {
    const commands = Array.from({ length: 1_000 }, (_, i) =>
      ledger.prepare(deposit('alice', 1n), `key-${i}`),
    );
    const answers = ledger.executeBatch([...commands, ...commands]);
    expect(answers.filter(({ isReplayed }) => isReplayed)).toHaveLength(1_000);
    expect(ledger.balance('alice')).toBe(1_000n);
  });

  it('answers a whole batch that was stored before, with new commands among the old', () => {
    const stored = Array.from({ length: 1_000 }, (_, i) => ledger.prepare(deposit('alice', 1n), `key-${i}`));
    ledger.executeBatch(stored);
    ledger.forget();
    const mixed = stored.flatMap((command, i) => [ledger.prepare(deposit('alice', 1n), `new-${i}`), command]);
    expect(ledger.executeBatch(mixed).filter(({ isReplayed }) => isReplayed)).toHaveLength(1_000);
    expect(ledger.balance('alice')).toBe(2_000n);
  });

  it('is refused for another request, naming what differs, and keeps its first answer', () => {
    ledger.execute(deposit('alice', 5n), 'once');
    expect(ledger.execute(deposit('alice', 6n, { type: 'BONUS' }), 'once')).toEqual({
      outcome: {
        kind: 'refusal',
        code: 'IDEMPOTENCY_CONFLICT',
        message:
          'idempotency key was used for a request with another amount, type; use a new key for a new request',
        field: 'idempotencyKey',
      },
      isReplayed: false,
    });
    expect(ledger.execute(deposit('alice', 5n), 'once').isReplayed).toBe(true);
    expect(ledger.balance('alice')).toBe(5n);
  });

  it('stands for itself on each account', () => {
    ledger.execute(deposit('alice', 5n), 'once');
    expect(ledger.execute(deposit('bob', 5n), 'once').isReplayed).toBe(false);
    expect(ledger.execute(transfer(['bob', 'alice'], 1n), 'once').outcome).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });

  it('freezes a refusal, though the reason for it is gone', () => {
    ledger.give('alice', { balance: 5n });
    const first = ledger.execute(withdraw('alice', 6n), 'once');
    ledger.execute(deposit('alice', 100n));
    expect(first).toMatchObject({ outcome: { code: 'INSUFFICIENT_BALANCE' }, isReplayed: false });
    expect(ledger.execute(withdraw('alice', 6n), 'once')).toEqual({
      outcome: first.outcome,
      isReplayed: true,
    });
    ledger.forget();
    expect(ledger.execute(withdraw('alice', 6n), 'once')).toEqual({
      outcome: first.outcome,
      isReplayed: true,
    });
  });

  it.each<[string, Command]>([
    ['an opening', open('alice', { initialBalance: 5n, tier: 'gold' })],
    ['an unchanged account', update('bob', { tier: 'silver' })],
    ['a change of limits', update('bob', { limits: { maxBalance: 5n } })],
    ['a change of status', setStatus('bob', 'frozen')],
  ])('gives the answer of %s again as it was', (_, command) => {
    ledger.give('bob', { tier: 'silver' });
    const first = ledger.execute(command, 'once');
    ledger.execute(update('bob', { tier: 'platinum' }));
    ledger.forget();
    expect(ledger.execute(command, 'once')).toEqual({ outcome: first.outcome, isReplayed: true });
  });

  it('may be left out where a command is idempotent by itself', () => {
    ledger.execute(open('alice'), null);
    expect(ledger.lastWriteSet?.keys).toEqual([]);
    expect(ledger.execute(open('alice'), null)).toMatchObject({
      isReplayed: false,
      outcome: { isCreated: false },
    });
  });
});

describe('the write set', () => {
  it('expects the heads of refusals too: they hold only while these do', () => {
    ledger.give('alice', { balance: 5n });
    const { bucket } = ledger.account('alice');
    ledger.execute(withdraw('alice', 6n));
    expect(ledger.lastWriteSet).toMatchObject({
      heads: [{ bucket, expected: 0n, next: { sequence: 0n } }],
      facts: [],
      entries: [],
      keys: [{ bucket, factSequence: null }],
    });
  });

  it('expects the head of every bucket of a transfer once, in ascending order', () => {
    ledger.give('alice', { balance: 50n });
    ledger.give('bob', { balance: 50n });
    ledger.executeBatch([
      ledger.prepare(transfer(['alice', 'bob'], 1n)),
      ledger.prepare(transfer(['bob', 'alice'], 2n)),
      ledger.prepare(deposit('carol', 1n)),
    ]);
    const heads = ledger.lastWriteSet?.heads.map(({ bucket }) => bucket) ?? [];
    expect(heads).toEqual([...new Set(heads)].sort((left, right) => left - right));
  });

  it('writes an account once, against the version that it had before the batch', () => {
    ledger.give('alice', { balance: 50n, version: 7n });
    ledger.executeBatch([1n, 2n, 3n].map((amount) => ledger.prepare(withdraw('alice', amount))));
    expect(
      ledger.lastWriteSet?.changedAccounts.map(({ account, expectedVersion }) => [
        account.version,
        expectedVersion,
      ]),
    ).toEqual([[10n, 7n]]);
    expect(ledger.lastWriteSet?.entries.filter(({ accountId }) => accountId === 'alice')).toHaveLength(3);
  });

  it('says whether more than the balance changed', () => {
    ledger.give('alice', { balance: 50n });
    ledger.executeBatch([
      ledger.prepare(withdraw('alice', 1n)),
      ledger.prepare(update('alice', { tier: 'gold' })),
    ]);
    expect(ledger.lastWriteSet?.changedAccounts).toMatchObject([{ isProfileChanged: true }]);
    ledger.execute(withdraw('alice', 1n));
    const changed = ledger.lastWriteSet?.changedAccounts ?? [];
    expect(changed.map(({ isProfileChanged }) => isProfileChanged)).toEqual([false, false]);
  });

  it('never goes back in time within a bucket', () => {
    ledger.execute(deposit('alice', 1n));
    ledger.nowMs -= 60_000;
    ledger.execute(deposit('alice', 1n));
    expect(ledger.state.facts.map(({ committedAtMs }) => committedAtMs)).toEqual([
      START_MS,
      START_MS,
      START_MS,
    ]);
    ledger.verifyChains();
  });

  it('holds one fact a bucket, with the legs at home', () => {
    ledger.give('bob', { balance: 50n });
    ledger.give('pavel', { currency: 'CZK' });
    ledger.execute(transfer(['bob', 'pavel'], 5n, { rate: '2' }));
    const [home, leg, ...rest] = ledger.lastWriteSet?.facts ?? [];
    expect(rest).toEqual([]);
    expect([home?.legs, leg?.home]).toEqual([[leg?.key], home?.key]);
    expect(
      ledger.lastWriteSet?.entries.map(({ bucket, factSequence }) => ({ bucket, sequence: factSequence })),
    ).toEqual([home?.key, home?.key, leg?.key, leg?.key]);
  });
});

describe('an atomic group', () => {
  it('is applied whole, each member on the state that the one before left', () => {
    const group = [
      ledger.prepare(deposit('alice', 10n)),
      ledger.prepare(open('bob')),
      ledger.prepare(transfer(['alice', 'bob'], 10n)),
    ];
    expect(codesOf(ledger.executeBatch([group]))).toEqual(['transaction', 'account', 'transaction']);
    expect([ledger.balance('alice'), ledger.balance('bob')]).toEqual([0n, 10n]);
    ledger.verifyChains();
  });

  it('that is refused leaves no trace, neither in the write set nor in the books nor under its keys', () => {
    ledger.execute(deposit('alice', 10n));
    const original = ledger.transaction(transactionIdOfAnswer(ledger.execute(deposit('alice', 5n))));
    const before = ledger.snapshot();
    const group = [
      ledger.prepare(deposit('new', 10n), 'g-1'),
      ledger.prepare(reverse(original, 1n), 'g-2'),
      ledger.prepare(update('alice', { tier: 'gold' }), 'g-3'),
      ledger.prepare(setStatus('alice', 'frozen'), 'g-4'),
      ledger.prepare(withdraw('alice', 1n), 'g-5'),
      ledger.prepare(deposit('bob', 1n), 'g-6'),
    ];
    const answers = ledger.executeBatch([group]);
    expect(codesOf(answers)).toEqual([
      'ATOMIC_BATCH_REFUSED',
      'ATOMIC_BATCH_REFUSED',
      'ATOMIC_BATCH_REFUSED',
      'ATOMIC_BATCH_REFUSED',
      'ACCOUNT_FROZEN',
      'ATOMIC_BATCH_REFUSED',
    ]);
    expect(answers[0]?.outcome).toMatchObject({
      message: 'item 4 of the atomic batch was refused with ACCOUNT_FROZEN; nothing was applied',
    });
    expect(ledger.lastWriteSet).toMatchObject({
      openedAccounts: [],
      changedAccounts: [],
      facts: [],
      entries: [],
      keys: [],
      reversals: [],
    });
    expect(ledger.state.accounts).toEqual(before.accounts);
    // The books go on from where they were: the same commands alone, under the same keys.
    const [first] = group;
    if (!first) throw new Error('the group has a first');
    expect(codesOf(ledger.executeBatch([first]))).toEqual(['transaction']);
    expect(ledger.balance('new')).toBe(10n);
    ledger.verifyChains();
  });

  it('leaves what came before it in the same batch, and what comes after', () => {
    const answers = ledger.executeBatch([
      ledger.prepare(deposit('alice', 10n)),
      [ledger.prepare(withdraw('alice', 3n)), ledger.prepare(withdraw('alice', 8n))],
      ledger.prepare(withdraw('alice', 10n)),
    ]);
    expect(codesOf(answers)).toEqual([
      'transaction',
      'ATOMIC_BATCH_REFUSED',
      'INSUFFICIENT_BALANCE',
      'transaction',
    ]);
    expect(ledger.balance('alice')).toBe(0n);
    expect(ledger.account('alice').version).toBe(3n);
    ledger.verifyChains();
  });

  it('sent again is replayed whole', () => {
    const group = [ledger.prepare(deposit('alice', 10n)), ledger.prepare(withdraw('alice', 4n))];
    const first = ledger.executeBatch([group]);
    const again = ledger.executeBatch([group]);
    expect(again).toEqual(first.map(({ outcome }) => ({ outcome, isReplayed: true })));
    expect(ledger.balance('alice')).toBe(6n);
  });

  it('is refused whole when a key of it was used for another request', () => {
    ledger.execute(deposit('alice', 1n), 'once');
    const group = [ledger.prepare(deposit('alice', 10n)), ledger.prepare(deposit('alice', 2n), 'once')];
    expect(codesOf(ledger.executeBatch([group]))).toEqual(['ATOMIC_BATCH_REFUSED', 'IDEMPOTENCY_CONFLICT']);
    expect(ledger.balance('alice')).toBe(1n);
  });

  it('that only asks leaves nothing, and its members see each other', () => {
    ledger.execute(deposit('alice', 10n));
    const group = [dryRun(withdraw('alice', 6n)), dryRun(withdraw('alice', 6n))];
    expect(codesOf(ledger.executeBatch([group]))).toEqual(['ATOMIC_BATCH_REFUSED', 'INSUFFICIENT_BALANCE']);
    expect(
      codesOf(ledger.executeBatch([[dryRun(withdraw('alice', 6n)), dryRun(withdraw('alice', 4n))]])),
    ).toEqual(['transaction', 'transaction']);
    expect(ledger.lastWriteSet).toMatchObject({ facts: [], entries: [], keys: [], changedAccounts: [] });
    expect(ledger.balance('alice')).toBe(10n);
  });
});

describe('an account that is opened in the batch', () => {
  it('pays and receives in the currency that it gets there', () => {
    ledger.execute(deposit('alice', 10n));
    const group = [
      ledger.prepare(open('pavel', { currency: 'CZK' })),
      ledger.prepare(transfer(['alice', 'pavel'], 10n, { rate: '0.2' })),
      ledger.prepare(deposit('pavel', 5n, { counterpart: 'house' })),
      ledger.prepare(withdraw('pavel', 205n)),
    ];
    expect(codesOf(ledger.executeBatch([group]))).toEqual([
      'account',
      'transaction',
      'transaction',
      'transaction',
    ]);
    expect([ledger.balance('@fx/CZK'), ledger.balance('@house/CZK')]).toEqual([-200n, -5n]);
    ledger.verifyChains();
  });

  it('gets the currency of whichever command comes first', () => {
    const answers = ledger.executeBatch([
      ledger.prepare(deposit('pavel', 5n, { currency: 'XXX' })),
      ledger.prepare(withdraw('pavel', 1n)),
      ledger.prepare(deposit('pavel', 5n, { currency: 'CZK' })),
      ledger.prepare(deposit('pavel', 5n)),
      ledger.prepare(deposit('pavel', 5n, { currency: 'CHIPS' })),
    ]);
    expect(codesOf(answers)).toEqual([
      'INVALID_CURRENCY',
      'ACCOUNT_NOT_FOUND',
      'transaction',
      'transaction',
      'CURRENCY_MISMATCH',
    ]);
    expect(ledger.balance('@world/CZK')).toBe(-10n);
  });
});

describe('a group of which some is only asked', () => {
  it('is refused whole', () => {
    const answers = ledger.executeBatch([
      [ledger.prepare(deposit('alice', 1n)), dryRun(deposit('alice', 1n))],
    ]);
    expect(codesOf(answers)).toEqual(['ATOMIC_BATCH_REFUSED', 'INVALID_REQUEST']);
    expect(ledger.state.accounts.size).toBe(0);
  });
});

describe('a dry run', () => {
  it('answers as the command would, and writes nothing', () => {
    ledger.execute(deposit('alice', 10n));
    const [granted, refused] = ledger.executeBatch([
      dryRun(withdraw('alice', 4n)),
      dryRun(withdraw('alice', 11n)),
    ]);
    expect(granted?.outcome).toMatchObject({ transaction: { entries: [{ balanceAfter: 6n }, {}] } });
    expect(refused?.outcome).toMatchObject({ code: 'INSUFFICIENT_BALANCE' });
    expect(ledger.lastWriteSet).toMatchObject({ facts: [], entries: [], keys: [], changedAccounts: [] });
    expect(ledger.balance('alice')).toBe(10n);
  });

  it('sees what came before it in the batch, and is not seen by what comes after', () => {
    const answers = ledger.executeBatch([
      ledger.prepare(deposit('alice', 10n)),
      dryRun(withdraw('alice', 10n)),
      ledger.prepare(withdraw('alice', 10n)),
    ]);
    expect(codesOf(answers)).toEqual(['transaction', 'transaction', 'transaction']);
    expect(ledger.state.entries).toHaveLength(4);
    ledger.verifyChains();
  });

  it('of an opening opens nothing', () => {
    ledger.executeBatch([dryRun(deposit('alice', 1n)), dryRun(open('bob', { initialBalance: 4n }))]);
    expect(ledger.state.accounts.size).toBe(0);
    ledger.execute(deposit('alice', 2n));
    expect(ledger.account('alice')).toMatchObject({ balance: 2n, sequence: 1n });
  });
});
