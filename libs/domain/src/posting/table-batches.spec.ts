import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, open, transfer, withdraw } from '../../test/support/command-builders.js';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import { commit, reservationOf, reserve, reserveBuyIn } from '../../test/support/reservation-builders.js';
import {
  buyIn,
  cancel,
  cashOut,
  codesOf,
  contribute,
  potOf,
  returnTo,
  setPolicy,
  settle,
  showdown,
} from '../../test/support/table-builders.js';
import type { Command } from './commands.js';
import type { Answer } from './outcome.js';

const TABLE_CHIPS = '@table/t-1/CHIPS';
const POT_CHIPS = '@pot/t-1/h-1/CHIPS';
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  buyIn(ledger, ['player-1', 't-1'], 100n);
  ledger.forget();
});

/** Executes commands as one batch, from storage. */
function batch(...commands: Command[]): Answer[] {
  ledger.forget();
  const answers = ledger.executeBatch(commands.map((command) => ledger.prepare(command)));
  ledger.verifyChains();
  return answers;
}

describe('a whole hand in one batch', () => {
  it('is played, settled and paid out', () => {
    const answers = batch(
      contribute(1, 10n, { type: 'BLIND' }),
      contribute(2, 30n),
      contribute(1, 20n, { type: 'CALL' }),
      contribute(2, 40n),
      returnTo(2, 40n),
      settle([[2, 60n]], { rake: 3n }),
      withdraw('player-2', 50n),
      contribute(1, 1n),
      settle([[1, 60n]]),
      cancel(),
    );
    expect(codesOf(answers)).toEqual([
      ...new Array<string>(6).fill('pot'),
      'transaction',
      'POT_NOT_ACTIVE',
      'pot',
      'POT_NOT_ACTIVE',
    ]);
    expect(answers[8]?.outcome).toMatchObject({ payouts: [] });
    expect(ledger.balance('player-2')).toBe(7n);
    expect([ledger.balance(TABLE_CHIPS), ledger.balance(POT_CHIPS), ledger.balance('@house/CHIPS')]).toEqual([
      40n,
      0n,
      3n,
    ]);
    expect(ledger.lastWriteSet?.pots).toMatchObject([
      { pot: { status: 'SETTLED', version: 6n }, expectedVersion: null },
    ]);
  });

  it('of which each answer says how it was then', () => {
    const answers = batch(
      contribute(1, 10n),
      contribute(2, 30n),
      contribute(1, 20n),
      returnTo(1, 5n),
      cancel(),
    );
    expect(answers.map(potOf).map(({ total, seatContribution }) => [total, seatContribution])).toEqual([
      [10n, 10n],
      [40n, 30n],
      [60n, 30n],
      [55n, 25n],
      [0n, 0n],
    ]);
  });

  it('by showdown, over several tables and hands at once', () => {
    buyIn(ledger, ['player-9', 't-2'], 50n);
    const other = { tableId: 't-2' };
    const next = { handId: 'h-2' };
    batch(
      contribute(1, 10n),
      contribute(5, 10n, other),
      contribute(2, 10n),
      contribute(1, 7n, next),
      showdown([
        [1, 2],
        [2, 1],
      ]),
      showdown([[5, 1]], other),
      cancel(next),
    );
    expect([ledger.balance('player-2'), ledger.balance('player-5')]).toEqual([20n, 10n]);
    expect([ledger.balance(TABLE_CHIPS), ledger.balance('@table/t-2/CHIPS')]).toEqual([80n, 40n]);
    expect(ledger.lastWriteSet?.pots).toHaveLength(3);
  });
});

describe('a pot that changes several times in a batch', () => {
  it('is written once, against the version that it had before', () => {
    batch(contribute(1, 10n));
    batch(contribute(1, 1n), contribute(2, 1n), returnTo(2, 1n));
    expect(ledger.lastWriteSet?.pots).toMatchObject([{ pot: { version: 4n }, expectedVersion: 1n }]);
  });

  it('is as it was before an atomic group that was refused', () => {
    batch(contribute(1, 10n));
    const before = ledger.snapshot();
    const group = [contribute(1, 20n), settle([[1, 30n]]), withdraw('player-1', 31n)];
    const answers = ledger.executeBatch([group.map((command) => ledger.prepare(command))]);
    expect(codesOf(answers)).toEqual([
      'ATOMIC_BATCH_REFUSED',
      'ATOMIC_BATCH_REFUSED',
      'INSUFFICIENT_BALANCE',
    ]);
    expect(ledger.state).toEqual(before);
    expect(ledger.lastWriteSet).toMatchObject({ facts: [], changedAccounts: [], pots: [] });
    expect(potOf(ledger.execute(contribute(1, 1n)))).toMatchObject({ total: 11n });
  });

  it('that a refused group would have opened is opened by whoever comes next, in their currency', () => {
    ledger.execute(setPolicy('observe', { currency: 'CZK' }));
    ledger.forget();
    const answers = ledger.executeBatch([
      [ledger.prepare(contribute(1, 5n)), ledger.prepare(withdraw('player-1', 1n))],
      ledger.prepare(contribute(1, 5n, { currency: 'CZK' })),
    ]);
    expect(codesOf(answers)).toEqual(['ATOMIC_BATCH_REFUSED', 'INSUFFICIENT_BALANCE', 'pot']);
    expect(ledger.pot('t-1', 'h-1')).toMatchObject({ currency: 'CZK', version: 1n });
    expect(ledger.lastWriteSet?.pots).toMatchObject([{ expectedVersion: null }]);
  });
});

describe('an account that a settlement of the batch opens', () => {
  const stranger = settle([[1, 50n, 'stranger']]);

  it('can be paid out, pay and hold at once', () => {
    ledger.execute(deposit('bob', 1n));
    const answers = batch(
      withdraw('stranger', 1n),
      contribute(1, 50n),
      stranger,
      withdraw('stranger', 10n),
      transfer(['stranger', 'bob'], 10n),
      transfer(['bob', 'stranger'], 1n),
      reserve('stranger', 31n),
      deposit('stranger', 4n, { counterpart: 'house' }),
      cashOut('stranger', 50n),
      open('stranger'),
    );
    expect(codesOf(answers)).toEqual([
      'ACCOUNT_NOT_FOUND',
      'pot',
      'pot',
      'transaction',
      'transaction',
      'transaction',
      'reservation',
      'transaction',
      'transaction',
      'account',
    ]);
    expect(ledger.account('stranger')).toMatchObject({ balance: 85n, held: 31n });
  });

  it('has the currency of the pot, whatever the default is', () => {
    ledger.execute(setPolicy('observe', { currency: 'CZK' }));
    const answers = batch(
      contribute(1, 50n, { currency: 'CZK' }),
      stranger,
      withdraw('stranger', 20n),
      transfer(['stranger', 'player-1'], 10n, { rate: '10' }),
      cashOut('stranger', 3n),
    );
    expect(codesOf(answers)).toEqual(['pot', 'pot', 'transaction', 'transaction', 'transaction']);
    expect(ledger.account('stranger')).toMatchObject({ balance: 23n, currency: 'CZK' });
    expect([ledger.balance('@world/CZK'), ledger.balance('@fx/CZK')]).toEqual([20n, 10n]);
  });

  it('may have been opened before it in the batch, in another currency', () => {
    const answers = batch(
      contribute(1, 50n),
      deposit('stranger', 1n, { currency: 'CZK' }),
      stranger,
      cancel(),
    );
    expect(codesOf(answers)).toEqual(['pot', 'transaction', 'CURRENCY_MISMATCH', 'pot']);
    expect(ledger.balance(TABLE_CHIPS)).toBe(100n);
  });

  it('by a pot that was stored before can be paid out all the same', () => {
    batch(contribute(1, 50n));
    expect(codesOf(batch(stranger, withdraw('stranger', 50n)))).toEqual(['pot', 'transaction']);
  });
});

describe('a buy-in in the batch', () => {
  it('is on the table for what comes after it', () => {
    ledger.execute(deposit('alice', 30n));
    const held = reservationOf(ledger.execute(reserveBuyIn(['alice', 't-1'], 30n)));
    const answers = batch(
      contribute(3, 130n),
      commit(held),
      contribute(3, 130n),
      cashOut('alice', 1n),
      cancel(),
      cashOut('alice', 30n),
    );
    expect(codesOf(answers)).toEqual([
      'INSUFFICIENT_ESCROW',
      'reservation',
      'pot',
      'INSUFFICIENT_ESCROW',
      'pot',
      'transaction',
    ]);
    expect([ledger.balance('alice'), ledger.balance(TABLE_CHIPS)]).toEqual([30n, 100n]);
  });

  it('may be the first of its table', () => {
    ledger.execute(deposit('alice', 30n));
    const held = reservationOf(ledger.execute(reserveBuyIn(['alice', 't-7'], 30n)));
    const table = { tableId: 't-7' };
    expect(
      codesOf(
        batch(
          contribute(1, 10n, table),
          commit(held),
          contribute(1, 10n, table),
          settle([[1, 10n, 'alice']], table),
        ),
      ),
    ).toEqual(['INSUFFICIENT_ESCROW', 'reservation', 'pot', 'pot']);
    expect(ledger.balance('alice')).toBe(10n);
  });
});

describe('a policy that is set in the batch', () => {
  it('holds for what comes after it', () => {
    const answers = batch(
      cashOut('player-1', 101n),
      setPolicy('observe'),
      cashOut('player-1', 101n),
      setPolicy('strict'),
      cashOut('player-1', 1n),
    );
    expect(codesOf(answers)).toEqual([
      'INSUFFICIENT_ESCROW',
      'account',
      'transaction',
      'LIMIT_BELOW_USAGE',
      'transaction',
    ]);
    expect(ledger.lastInflations.map(({ amount }) => amount)).toEqual([1n, 1n]);
    expect(ledger.account(TABLE_CHIPS)).toMatchObject({ balance: -2n, creditLimit: null });
  });
});

describe('a dry run of table commands', () => {
  it('sees the batch so far and leaves nothing', () => {
    const asked = (command: Command) => ({ ...ledger.prepare(command, null), isDryRun: true });
    const answers = ledger.executeBatch([
      ledger.prepare(contribute(1, 60n)),
      asked(settle([[1, 60n, 'stranger']])),
      asked(contribute(2, 41n)),
      ledger.prepare(contribute(2, 40n)),
      asked(cancel()),
    ]);
    expect(codesOf(answers)).toEqual(['pot', 'pot', 'INSUFFICIENT_ESCROW', 'pot', 'pot']);
    expect(ledger.pot('t-1', 'h-1')).toMatchObject({ status: 'ACTIVE', version: 2n });
    expect([...ledger.state.accounts.keys()].some((key) => key.endsWith('stranger'))).toBe(false);
    ledger.verifyChains();
  });
});
