import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit } from '../../test/support/command-builders.js';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import {
  buyIn,
  cancel,
  cashOut,
  codesOf,
  contribute,
  returnTo,
  setPolicy,
  settle,
  showdown,
} from '../../test/support/table-builders.js';
import type { Command } from './commands.js';

let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger({ rake: { basisPoints: 250, capChips: 0n, minPotChips: 0n } });
  buyIn(ledger, ['player-1', 't-1'], 1_000n);
});

describe('the first answer is given again, from memory and from storage, to', () => {
  const pot = [contribute(1, 60n), contribute(2, 40n)];

  it.each<[string, Command[], Command]>([
    ['a contribution', [], contribute(1, 60n)],
    ['a refused contribution', [], contribute(1, 1_001n)],
    ['a return', pot, returnTo(1, 20n)],
    ['a refused return', pot, returnTo(1, 61n)],
    [
      'a settlement',
      pot,
      settle(
        [
          [1, 50n],
          [2, 50n, 'stranger'],
        ],
        { rake: 3n },
      ),
    ],
    ['a settlement by one winner and the configured rake', pot, settle([[1, 1n]])],
    [
      'a settlement by showdown',
      pot,
      showdown([
        [1, 1],
        [2, 1],
      ]),
    ],
    ['a settlement that came second', [...pot, settle([[1, 1n]])], settle([[2, 1n]])],
    ['a refused settlement', pot, settle([])],
    ['a cancellation', pot, cancel()],
    ['a cancellation that came second', [...pot, cancel()], cancel()],
    ['a cash-out', [], cashOut('player-1', 40n, { seatId: 1 })],
    ['a refused cash-out', [], cashOut('player-1', 1_001n)],
    ['a new policy', [], setPolicy('observe')],
    ['a new table', [], setPolicy('observe', { tableId: 't-9' })],
    ['a policy that was set already', [], setPolicy('strict')],
  ])('%s', (_, before, command) => {
    for (const one of before) ledger.execute(one);
    const prepared = ledger.prepare(command, 'once');
    const [first] = ledger.executeBatch([prepared]);
    buyIn(ledger, ['player-2', 't-1'], 5n);
    ledger.execute(contribute(7, 1n));
    ledger.execute(cancel());
    const stored = ledger.snapshot();
    expect(ledger.executeBatch([prepared])).toEqual([{ outcome: first?.outcome, isReplayed: true }]);
    ledger.forget();
    expect(ledger.executeBatch([prepared, prepared])).toEqual([
      { outcome: first?.outcome, isReplayed: true },
      { outcome: first?.outcome, isReplayed: true },
    ]);
    expect(ledger.state).toEqual(stored);
  });
});

describe('the keys of a table', () => {
  it('are one set for all that moves its chips, and another for each of its pots', () => {
    ledger.execute(contribute(1, 10n), 'same');
    const others = [returnTo(1, 10n), cashOut('player-1', 1n), setPolicy('observe'), contribute(1, 11n)];
    expect(codesOf(others.map((one) => ledger.execute(one, 'same')))).toEqual(
      new Array<string>(4).fill('IDEMPOTENCY_CONFLICT'),
    );
    expect(codesOf([ledger.execute(settle([[1, 10n]]), 'same')])).toEqual(['pot']);
    expect(codesOf([ledger.execute(cancel(), 'same')])).toEqual(['IDEMPOTENCY_CONFLICT']);
    expect(codesOf([ledger.execute(contribute(1, 10n, { handId: 'h-2' }), 'other')])).toEqual(['pot']);
    expect(codesOf([ledger.execute(cancel({ handId: 'h-2' }), 'same')])).toEqual(['pot']);
  });

  it('are not those of an account with the table’s name', () => {
    ledger.execute(contribute(1, 10n), 'same');
    expect(codesOf([ledger.execute(deposit('t-1', 10n), 'same')])).toEqual(['transaction']);
  });

  it.each<[string, Command, Command, string]>([
    ['hand', contribute(1, 1n), contribute(1, 1n, { handId: 'h-2' }), 'details'],
    ['seat', contribute(1, 1n), contribute(2, 1n, { accountId: 'player-1' }), 'details'],
    ['player', contribute(1, 1n), contribute(1, 1n, { accountId: 'eve' }), 'account, details'],
    ['kind of contribution', contribute(1, 1n), contribute(1, 1n, { type: 'CALL' }), 'type, details'],
    ['currency', contribute(1, 1n), contribute(1, 1n, { currency: 'CHIPS' }), 'currency'],
    ['seat of a return', returnTo(1, 1n), returnTo(2, 1n), 'details'],
    ['rake', settle([[1, 1n]]), settle([[1, 1n]], { rake: 0n }), 'amount'],
    ['winner', settle([[1, 1n]]), settle([[1, 1n, 'eve']]), 'options'],
    ['amount of a winner', settle([[1, 1n]]), settle([[1, 2n]]), 'options'],
    [
      'order of winners',
      settle([
        [1, 1n],
        [2, 1n],
      ]),
      settle([
        [2, 1n],
        [1, 1n],
      ]),
      'options',
    ],
    ['way of paying', settle([]), showdown([]), 'options'],
    ['rank', showdown([[1, 1]]), showdown([[1, 2]]), 'options'],
    ['account of a cash-out', cashOut('player-1', 1n), cashOut('eve', 1n), 'account'],
    ['seat of a cash-out', cashOut('player-1', 1n), cashOut('player-1', 1n, { seatId: 0 }), 'details'],
    ['hand of a cash-out', cashOut('player-1', 1n), cashOut('player-1', 1n, { handId: 'h' }), 'details'],
    ['policy', setPolicy('strict'), setPolicy('observe'), 'options'],
    ['currency of a policy', setPolicy('strict'), setPolicy('strict', { currency: 'CHIPS' }), 'currency'],
  ])('tell another %s apart, and name it', (_, first, second, differing) => {
    ledger.execute(first, 'once');
    expect(ledger.execute(second, 'once').outcome).toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      message: `idempotency key was used for a request with another ${differing}; use a new key for a new request`,
    });
  });
});
