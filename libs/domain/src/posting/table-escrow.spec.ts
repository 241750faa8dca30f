import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLedger } from '../../test/support/memory-ledger.js';
import {
  buyIn,
  cancel,
  cashOut,
  codesOf,
  contribute,
  playerAt,
  returnTo,
  setPolicy,
  settle,
} from '../../test/support/table-builders.js';
import { isRefusal } from '../result/index.js';
import { inflationOf, openedTable, tableMetadataJson, type EscrowPolicy } from '../tables/index.js';
import { takeFromTable } from './table-escrow.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
const TABLE_CHIPS = '@table/t-1/CHIPS';
let ledger: MemoryLedger;
/** What each batch brought into being, in order. */
let marks: bigint[];

beforeEach(() => {
  ledger = new MemoryLedger({ escrowPolicy: 'observe' });
  marks = [];
});

/** Executes commands one by one, and notes the chips that came into being. */
function play(...commands: Parameters<MemoryLedger['execute']>[0][]): void {
  for (const command of commands) {
    const { outcome } = ledger.execute(command);
    if (isRefusal(outcome)) throw new Error(`${outcome.code}: ${outcome.message}`);
    marks.push(...ledger.lastInflations.map(({ amount }) => amount));
  }
}

function tableWith(policy: EscrowPolicy, balance: bigint, deepest = 0n): Parameters<typeof takeFromTable>[0] {
  const table = openedTable({ bucket: 0, tableId: 't-1', currency: 'CHIPS' }, policy, 1);
  return { ...table, balance, metadataJson: deepest === 0n ? '{}' : tableMetadataJson(deepest) };
}

describe('taking chips from a strict table', () => {
  it('grants what it has', () => {
    expect(takeFromTable(tableWith('strict', 10n), 10n)).toEqual({ inflation: 0n });
  });

  it.each([
    [10n, 11n],
    [0n, 1n],
  ])('with %d refuses %d', (balance, amount) => {
    expect(takeFromTable(tableWith('strict', balance), amount)).toMatchObject({
      code: 'INSUFFICIENT_ESCROW',
    });
  });
});

describe('taking chips from an observed table', () => {
  // [on the table, deepest so far, taken] -> [came into being, deepest then]
  it.each<[bigint, bigint, bigint, bigint, bigint]>([
    [10n, 0n, 10n, 0n, 0n],
    [10n, 0n, 11n, 1n, 1n],
    [0n, 0n, 5n, 5n, 5n],
    [-5n, 5n, 1n, 1n, 6n],
    [0n, 5n, 5n, 0n, 5n],
    [0n, 5n, 6n, 1n, 6n],
    [100n, 5n, 105n, 0n, 5n],
    [100n, 5n, 107n, 2n, 7n],
    [-3n, 5n, 2n, 0n, 5n],
    [-3n, 5n, 3n, 1n, 6n],
  ])('with %d on it and %d known: %d brings %d into being', (balance, known, amount, inflation, deepest) => {
    const grant = takeFromTable(tableWith('observe', balance, known), amount);
    expect(grant).toEqual(
      inflation === 0n ? { inflation } : { inflation, metadataJson: `{"inflation":"${deepest}"}` },
    );
  });

  it('stops at the end of the range', () => {
    expect(takeFromTable(tableWith('observe', -AMOUNT_MAX), 1n)).toMatchObject({
      code: 'AMOUNT_OUT_OF_RANGE',
    });
    expect(takeFromTable(tableWith('observe', 0n), AMOUNT_MAX)).toMatchObject({ inflation: AMOUNT_MAX });
  });
});

describe('an observed cash-out beyond the escrow', () => {
  it('is let through, marked on its entries, counted and remembered', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    const { outcome } = ledger.execute(cashOut('alice', 130n));
    expect(outcome).toMatchObject({
      transaction: {
        metadataJson: '{"inflation":"30","tableId":"t-1"}',
        entries: [{ balanceAfter: 130n }, { accountId: TABLE_CHIPS, balanceAfter: -30n }],
      },
    });
    const { transactionId } = (outcome as { transaction: { transactionId: string } }).transaction;
    expect(ledger.lastInflations).toEqual([{ transactionId, amount: 30n }]);
    expect(inflationOf(ledger.account(TABLE_CHIPS))).toBe(30n);
    expect(
      ledger.lastWriteSet?.changedAccounts.map(({ isProfileChanged }) => isProfileChanged).sort(),
    ).toEqual([false, true]);
    ledger.verifyChains();
  });

  it('opens a table that nobody bought in to', () => {
    ledger.give('alice');
    play(cashOut('alice', 5n));
    expect(marks).toEqual([5n]);
    expect(ledger.account(TABLE_CHIPS)).toMatchObject({ balance: -5n, metadataJson: '{"inflation":"5"}' });
  });

  it('that is only asked counts nothing', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    const asked = { ...ledger.prepare(cashOut('alice', 130n), null), isDryRun: true };
    expect(ledger.executeBatch([asked])).toMatchObject([
      { outcome: { transaction: { metadataJson: '{"inflation":"30","tableId":"t-1"}' } } },
    ]);
    expect(ledger.lastInflations).toEqual([]);
    expect(inflationOf(ledger.account(TABLE_CHIPS))).toBe(0n);
  });

  it('in an atomic group that is refused counts nothing, and then is counted in full', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    const group = [ledger.prepare(cashOut('alice', 130n)), ledger.prepare(cashOut('nobody', 1n))];
    expect(codesOf(ledger.executeBatch([group]))).toEqual(['ATOMIC_BATCH_REFUSED', 'ACCOUNT_NOT_FOUND']);
    expect(ledger.lastInflations).toEqual([]);
    play(cashOut('alice', 130n));
    expect(marks).toEqual([30n]);
  });

  it('sent again under its key is counted once', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    const command = ledger.prepare(cashOut('alice', 130n));
    ledger.executeBatch([command, command]);
    expect(ledger.lastInflations).toMatchObject([{ amount: 30n }]);
    ledger.executeBatch([command]);
    expect(ledger.lastInflations).toEqual([]);
    expect(ledger.balance(TABLE_CHIPS)).toBe(-30n);
  });
});

describe('a game that credits the winner and leaves the winnings in the seat stack', () => {
  it('is found: over many hands the marks sum to the deepest the table ever was below zero', () => {
    const stacks = [100n, 100n];
    buyIn(ledger, [playerAt(0), 't-1'], 100n);
    buyIn(ledger, [playerAt(1), 't-1'], 100n);
    for (let hand = 0; hand < 30; hand++) {
      const handId = `h-${hand}`;
      const winner = hand % 2;
      play(
        contribute(0, 10n, { handId, type: 'BLIND' }),
        contribute(1, 10n, { handId, type: 'CALL' }),
        settle([[winner, 20n]], { handId }),
      );
      // The bug of the game: what was paid to the account stays in the stack as well.
      stacks[winner] = (stacks[winner] ?? 0n) + 20n;
      stacks[1 - winner] = (stacks[1 - winner] ?? 0n) - 10n;
    }
    // 200 were bought in, 600 were bet and paid out to accounts.
    expect(ledger.balance(TABLE_CHIPS)).toBe(-400n);
    play(cashOut(playerAt(0), stacks[0] ?? 0n), cashOut(playerAt(1), stacks[1] ?? 0n));
    const created = -ledger.balance(TABLE_CHIPS);
    expect(created).toBe(400n + (stacks[0] ?? 0n) + (stacks[1] ?? 0n));
    expect(marks.reduce((sum, amount) => sum + amount, 0n)).toBe(created);
    expect(inflationOf(ledger.account(TABLE_CHIPS))).toBe(created);
    // Chips that left through players' accounts are exactly what they bought in, and what came into being.
    expect(ledger.balance(playerAt(0)) + ledger.balance(playerAt(1))).toBe(200n + created);
    ledger.verifyChains();
  });

  it('is stopped by a strict table at the first chip that is not there', () => {
    ledger = new MemoryLedger({ escrowPolicy: 'strict' });
    buyIn(ledger, [playerAt(0), 't-1'], 10n);
    buyIn(ledger, [playerAt(1), 't-1'], 10n);
    play(contribute(0, 10n), contribute(1, 10n), settle([[0, 20n]]));
    const refused = [contribute(0, 1n, { handId: 'h-2' }), cashOut(playerAt(0), 1n)];
    expect(codesOf(refused.map((one) => ledger.execute(one)))).toEqual([
      'INSUFFICIENT_ESCROW',
      'INSUFFICIENT_ESCROW',
    ]);
    expect(ledger.state.pots.size).toBe(1);
  });
});

describe('the marks of a table', () => {
  it('count what is filled and taken again only once', () => {
    buyIn(ledger, ['alice', 't-1'], 100n);
    play(cashOut('alice', 130n)); // 30 deep
    buyIn(ledger, ['bob', 't-1'], 50n); // 20 on the table
    play(cashOut('bob', 50n)); // 30 deep again
    expect(marks).toEqual([30n]);
    play(cashOut('bob', 4n)); // 34 deep
    buyIn(ledger, ['carol', 't-1'], 1_000n);
    play(contribute(1, 1_000n, { handId: 'h-1' })); // 34 deep, a contribution
    play(contribute(2, 6n, { handId: 'h-1' })); // 40 deep
    play(returnTo(1, 500n), cancel()); // back on the table
    play(cashOut('carol', 1_006n)); // 40 deep
    expect(marks).toEqual([30n, 4n, 6n]);
    expect(ledger.balance(TABLE_CHIPS)).toBe(-40n);
    expect(inflationOf(ledger.account(TABLE_CHIPS))).toBe(40n);
  });

  it('of contributions are on the contribution', () => {
    play(contribute(1, 8n, { type: 'RAISE' }));
    expect(marks).toEqual([8n]);
    expect(JSON.parse(ledger.state.facts.at(-1)?.dataJson ?? '')).toEqual({
      contributionType: 'RAISE',
      handId: 'h-1',
      inflation: '8',
      playerAccountId: 'player-1',
      seatId: 1,
      tableId: 't-1',
    });
  });

  it('outlive a change of policy and back, and count on from where they were', () => {
    ledger.give('alice');
    play(cashOut('alice', 5n));
    buyIn(ledger, ['bob', 't-1'], 20n);
    play(setPolicy('strict'));
    expect(codesOf([ledger.execute(cashOut('bob', 16n))])).toEqual(['INSUFFICIENT_ESCROW']);
    play(setPolicy('observe'), cashOut('bob', 20n), cashOut('bob', 2n));
    expect(marks).toEqual([5n, 2n]);
    expect(ledger.account(TABLE_CHIPS)).toMatchObject({ balance: -7n, metadataJson: '{"inflation":"7"}' });
  });

  it('are kept for each currency of the table', () => {
    ledger.give('alice');
    ledger.give('pavel', { currency: 'CZK' });
    play(cashOut('alice', 5n), cashOut('pavel', 3n));
    expect(inflationOf(ledger.account(TABLE_CHIPS))).toBe(5n);
    expect(inflationOf(ledger.account('@table/t-1/CZK'))).toBe(3n);
  });

  it('of one batch are those of each transaction, in order', () => {
    ledger.give('alice');
    ledger.executeBatch([1n, 2n, 3n].map((amount) => ledger.prepare(cashOut('alice', amount))));
    expect(ledger.lastInflations.map(({ amount }) => amount)).toEqual([1n, 2n, 3n]);
    expect(new Set(ledger.lastInflations.map(({ transactionId }) => transactionId)).size).toBe(3);
    expect(ledger.account(TABLE_CHIPS)).toMatchObject({ balance: -6n, metadataJson: '{"inflation":"6"}' });
  });
});
