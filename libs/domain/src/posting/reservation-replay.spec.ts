import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, withdraw } from '../../test/support/command-builders.js';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import {
  commit,
  extend,
  release,
  reservationOf,
  reserve,
  reserveBuyIn,
} from '../../test/support/reservation-builders.js';
import { codesOf } from '../../test/support/table-builders.js';
import type { Reservation } from '../reservations/index.js';
import type { Command } from './commands.js';

let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  ledger.execute(deposit('alice', 100n));
});

function hold(amount: bigint): Reservation {
  return reservationOf(ledger.execute(reserve('alice', amount)));
}

/** Repeats a command under its key after everything has changed: from memory, and from what was stored. */
function expectReplayed(command: Command): void {
  const prepared = ledger.prepare(command, 'once');
  const [first] = ledger.executeBatch([prepared]);
  ledger.nowMs += 86_400_000;
  ledger.execute(deposit('alice', 7n));
  const before = ledger.snapshot();
  expect(ledger.executeBatch([prepared])).toEqual([{ outcome: first?.outcome, isReplayed: true }]);
  ledger.forget();
  expect(ledger.executeBatch([prepared, prepared])).toEqual([
    { outcome: first?.outcome, isReplayed: true },
    { outcome: first?.outcome, isReplayed: true },
  ]);
  expect(ledger.state).toEqual(before);
}

describe('the first answer is given again, from memory and from storage, to', () => {
  it('a reservation', () => {
    expectReplayed(reserve('alice', 60n, { reference: 'r', details: { metadata: { a: [1, 'é'] } } }));
  });

  it('a refused reservation', () => {
    expectReplayed(reserve('alice', 101n));
  });

  it('a commit of a part', () => {
    expectReplayed(commit(hold(60n), 20n));
  });

  it('a buy-in', () => {
    expectReplayed(commit(reservationOf(ledger.execute(reserveBuyIn(['alice', 't-1'], 60n)))));
  });

  it('a commit that was made before under another key', () => {
    const held = hold(60n);
    ledger.execute(commit(held, 20n));
    expectReplayed(commit(held));
  });

  it('a release', () => {
    expectReplayed(release(hold(60n)));
  });

  it('a release of what has expired', () => {
    const held = hold(60n);
    ledger.nowMs += 30_000;
    expectReplayed(release(held));
  });

  it('an extension', () => {
    expectReplayed(extend(hold(60n), 5_000));
  });
});

describe('within one batch', () => {
  it('a reservation under one key holds once', () => {
    const command = ledger.prepare(reserve('alice', 60n), 'once');
    const answers = ledger.executeBatch([command, command]);
    expect(answers.map(({ isReplayed }) => isReplayed)).toEqual([false, true]);
    expect(answers[1]?.outcome).toEqual(answers[0]?.outcome);
    expect(ledger.account('alice').held).toBe(60n);
  });

  it('an atomic group of reservations sent again is replayed whole', () => {
    const group = [ledger.prepare(reserve('alice', 60n)), ledger.prepare(reserve('alice', 40n))];
    const first = ledger.executeBatch([group]);
    ledger.forget();
    expect(ledger.executeBatch([group])).toEqual(first.map(({ outcome }) => ({ outcome, isReplayed: true })));
    expect(ledger.account('alice').held).toBe(100n);
  });
});

describe('one key for two requests', () => {
  it('is refused, naming what differs', () => {
    const held = hold(10n);
    const other = hold(10n);
    const cases: [Command, Command, string][] = [
      [reserve('alice', 1n), reserve('alice', 2n), 'amount'],
      [reserve('alice', 1n), reserve('alice', 1n, { timeoutMs: 30_000 }), 'options'],
      [reserve('alice', 1n), reserve('alice', 1n, { reference: 'r' }), 'options'],
      [reserve('alice', 1n), reserveBuyIn(['alice', 't-1'], 1n), 'options'],
      [commit(held, 3n), commit(held, 4n), 'amount'],
      [commit(held, 10n), commit(held), 'amount'],
      [extend(held, 3_000), extend(held, 4_000), 'options'],
      [release(held), release(other), 'account'],
      [release(held), commit(held), 'operation, details'],
      [withdraw('alice', 1n), reserve('alice', 1n), 'operation, amount, type, options'],
    ];
    cases.forEach(([first, second, differing], i) => {
      ledger.execute(first, `key ${i}`);
      const { outcome } = ledger.execute(second, `key ${i}`);
      expect(outcome).toMatchObject({
        code: 'IDEMPOTENCY_CONFLICT',
        message: expect.stringContaining(`another ${differing};`) as unknown,
      });
    });
  });

  it('is no conflict on another account: keys belong to the account that pays', () => {
    ledger.execute(deposit('bob', 10n));
    const answers = [reserve('alice', 1n), reserve('bob', 1n)].map((one) => ledger.execute(one, 'same'));
    expect(codesOf(answers)).toEqual(['reservation', 'reservation']);
    const [alice, bob] = answers.map(reservationOf);
    if (!alice || !bob) throw new Error('two reservations');
    expect(codesOf([commit(alice), commit(bob)].map((one) => ledger.execute(one, 'also the same')))).toEqual([
      'reservation',
      'reservation',
    ]);
  });
});
