import { beforeEach, describe, expect, it } from '@jest/globals';
import { deposit, reverse } from '../../test/support/command-builders.js';
import { MemoryLedger, START_MS } from '../../test/support/memory-ledger.js';
import {
  buyIn,
  cancel,
  codesOf,
  contribute,
  potOf,
  returnTo,
  settle,
} from '../../test/support/table-builders.js';
import type { Command } from './commands.js';
import type { Contribute, ContributionType } from './table-commands.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
const TABLE_CHIPS = '@table/t-1/CHIPS';
const POT_CHIPS = '@pot/t-1/h-1/CHIPS';
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = new MemoryLedger();
  buyIn(ledger, ['player-1', 't-1'], 1_000n);
});

describe('a contribution', () => {
  it('opens the pot with the first, and moves chips from the table into it', () => {
    const pot = potOf(ledger.execute(contribute(2, 50n)));
    expect(pot).toEqual({
      kind: 'pot',
      tableId: 't-1',
      handId: 'h-1',
      currency: 'CHIPS',
      status: 'ACTIVE',
      total: 50n,
      seatContribution: 50n,
      transactionId: pot.transactionId,
      rake: 0n,
      payouts: [],
    });
    const { type, legs } = ledger.transaction(pot.transactionId ?? '');
    expect([type, ...legs.map(({ accountId, amount }) => [accountId, amount])]).toEqual([
      'BET',
      [TABLE_CHIPS, -50n],
      [POT_CHIPS, 50n],
    ]);
    expect(ledger.pot('t-1', 'h-1')).toEqual({
      tableId: 't-1',
      handId: 'h-1',
      bucket: ledger.account(TABLE_CHIPS).bucket,
      currency: 'CHIPS',
      status: 'ACTIVE',
      seats: [{ seatId: 2, accountId: 'player-2', contributed: 50n, returned: 0n, won: 0n }],
      rake: 0n,
      version: 1n,
      createdAtMs: START_MS,
      updatedAtMs: START_MS,
    });
    expect(ledger.account(POT_CHIPS)).toMatchObject({ balance: 50n, creditLimit: 0n });
    expect(ledger.lastWriteSet?.heads).toHaveLength(1);
    ledger.verifyChains();
  });

  it('adds up by seat, in seat order', () => {
    ledger.execute(contribute(7, 5n, { type: 'BLIND' }));
    ledger.execute(contribute(0, 10n, { type: 'BLIND' }));
    ledger.nowMs += 1_000;
    const pot = potOf(ledger.execute(contribute(7, 15n, { type: 'RAISE' })));
    expect(pot).toMatchObject({ total: 30n, seatContribution: 20n });
    expect(ledger.pot('t-1', 'h-1')).toMatchObject({
      seats: [
        { seatId: 0, contributed: 10n },
        { seatId: 7, contributed: 20n },
      ],
      version: 3n,
      createdAtMs: START_MS,
      updatedAtMs: START_MS + 1_000,
    });
  });

  it.each<[ContributionType, string]>([
    ['BLIND', 'BLIND'],
    ['ANTE', 'BLIND'],
    ['BET', 'BET'],
    ['CALL', 'BET'],
    ['RAISE', 'BET'],
  ])('that is a %s is a transaction of type %s and says which it was', (type, expected) => {
    ledger.execute(contribute(3, 50n, { type, details: { metadata: { street: 'turn' } } }));
    const fact = ledger.state.facts.at(-1);
    expect(fact?.kind).toBe(expected);
    expect(JSON.parse(fact?.dataJson ?? '')).toEqual({
      contributionType: type,
      handId: 'h-1',
      playerAccountId: 'player-3',
      seatId: 3,
      street: 'turn',
      tableId: 't-1',
    });
  });

  it('needs no account: the chips are the table’s', () => {
    expect(codesOf([ledger.execute(contribute(5, 1n))])).toEqual(['pot']);
    expect([...ledger.state.accounts.values()].map(({ accountId }) => accountId)).not.toContain('player-5');
  });

  it('stands in its own pot for each hand and table', () => {
    buyIn(ledger, ['player-2', 't-2'], 10n);
    ledger.execute(contribute(1, 1n));
    ledger.execute(contribute(1, 2n, { handId: 'h-2' }));
    ledger.execute(contribute(1, 4n, { tableId: 't-2' }));
    expect([POT_CHIPS, '@pot/t-1/h-2/CHIPS', '@pot/t-2/h-1/CHIPS'].map((id) => ledger.balance(id))).toEqual([
      1n,
      2n,
      4n,
    ]);
  });

  it('takes at most a hundred seats', () => {
    const commands = Array.from({ length: 101 }, (_, seatId) => ledger.prepare(contribute(seatId, 1n)));
    const answers = ledger.executeBatch(commands);
    expect(codesOf(answers).filter((code) => code === 'pot')).toHaveLength(100);
    expect(answers[100]?.outcome).toMatchObject({ code: 'INVALID_REQUEST', field: 'seatId' });
    expect(codesOf([ledger.execute(contribute(99, 1n))])).toEqual(['pot']);
    expect(ledger.balance(POT_CHIPS)).toBe(101n);
  });
});

describe('a contribution is refused', () => {
  it.each<[string, Contribute, string, string]>([
    ['beyond what is on the table', contribute(1, 991n), 'INSUFFICIENT_ESCROW', 'amount'],
    [
      'by another account on the same seat',
      contribute(1, 1n, { accountId: 'eve' }),
      'INVALID_REQUEST',
      'accountId',
    ],
    [
      'in another currency than the pot',
      contribute(1, 1n, { currency: 'CZK' }),
      'CURRENCY_MISMATCH',
      'currency',
    ],
    [
      'in an unknown currency',
      contribute(1, 1n, { handId: 'h-2', currency: 'XXX' }),
      'INVALID_CURRENCY',
      'currency',
    ],
    ['at a table without chips', contribute(1, 1n, { tableId: 't-9' }), 'INSUFFICIENT_ESCROW', 'amount'],
  ])('%s', (_, command, code, field) => {
    ledger.execute(contribute(1, 10n));
    const before = ledger.snapshot();
    expect(ledger.execute(command).outcome).toMatchObject({ kind: 'refusal', code, field });
    expect(ledger.state.accounts).toEqual(before.accounts);
    expect(ledger.state.pots).toEqual(before.pots);
  });

  it.each<[string, Command]>([
    ['settled', settle([[1, 10n]])],
    ['cancelled', cancel()],
  ])('after the pot was %s, whoever it is from', (status, end) => {
    ledger.execute(contribute(1, 10n));
    ledger.execute(end);
    for (const late of [
      contribute(1, 1n),
      contribute(2, 1n),
      contribute(1, 1n, { accountId: 'eve' }),
      contribute(1, 1n, { currency: 'CZK' }),
    ]) {
      expect(ledger.execute(late).outcome).toMatchObject({
        code: 'POT_NOT_ACTIVE',
        message: `the pot of hand h-1 is ${status}`,
        field: 'handId',
      });
    }
    expect(ledger.balance(POT_CHIPS)).toBe(0n);
  });

  it('when the pot would leave the range', () => {
    const other = new MemoryLedger({ escrowPolicy: 'observe' });
    other.execute(contribute(1, AMOUNT_MAX));
    buyIn(other, ['player-1', 't-1'], 5n);
    expect(codesOf([other.execute(contribute(1, 1n))])).toEqual(['AMOUNT_OUT_OF_RANGE']);
  });
});

describe('the currency of a pot', () => {
  beforeEach(() => {
    ledger = new MemoryLedger({ escrowPolicy: 'observe' });
  });

  it('is that of its first contribution, and what comes without one is in it', () => {
    ledger.execute(contribute(1, 5n, { currency: 'CZK' }));
    ledger.forget();
    expect(potOf(ledger.execute(contribute(2, 7n)))).toMatchObject({ currency: 'CZK', total: 12n });
    expect([ledger.balance('@pot/t-1/h-1/CZK'), ledger.balance('@table/t-1/CZK')]).toEqual([12n, -12n]);
    expect(codesOf([ledger.execute(contribute(2, 7n, { currency: 'CHIPS' }))])).toEqual([
      'CURRENCY_MISMATCH',
    ]);
  });

  it('is whichever comes first in the batch', () => {
    const answers = ledger.executeBatch([
      ledger.prepare(contribute(1, 1n, { currency: 'XXX' })),
      ledger.prepare(contribute(1, 2n, { currency: 'CZK' })),
      ledger.prepare(contribute(2, 3n)),
      ledger.prepare(contribute(3, 4n, { currency: 'USD' })),
      ledger.prepare(returnTo(2, 1n)),
    ]);
    expect(codesOf(answers)).toEqual(['INVALID_CURRENCY', 'pot', 'pot', 'CURRENCY_MISMATCH', 'pot']);
    expect(ledger.balance('@pot/t-1/h-1/CZK')).toBe(4n);
  });
});

describe('a return', () => {
  it('gives an uncalled bet back to the table', () => {
    ledger.execute(contribute(1, 60n));
    ledger.execute(contribute(2, 40n));
    const pot = potOf(ledger.execute(returnTo(1, 20n)));
    expect(pot).toMatchObject({ status: 'ACTIVE', total: 80n, seatContribution: 40n });
    expect(ledger.state.facts.at(-1)).toMatchObject({
      kind: 'REFUND',
      dataJson: '{"handId":"h-1","seatId":1,"tableId":"t-1"}',
    });
    expect([ledger.balance(POT_CHIPS), ledger.balance(TABLE_CHIPS)]).toEqual([80n, 920n]);
    expect(ledger.pot('t-1', 'h-1').seats[0]).toMatchObject({ contributed: 60n, returned: 20n });
  });

  it('may be of all, and the seat may bet again', () => {
    ledger.execute(contribute(1, 60n));
    expect(potOf(ledger.execute(returnTo(1, 60n)))).toMatchObject({ total: 0n, seatContribution: 0n });
    expect(potOf(ledger.execute(contribute(1, 30n)))).toMatchObject({ total: 30n, seatContribution: 30n });
    expect(codesOf([ledger.execute(returnTo(1, 31n)), ledger.execute(returnTo(1, 30n))])).toEqual([
      'RETURN_EXCEEDS_CONTRIBUTION',
      'pot',
    ]);
  });

  it.each([
    ['of more than the seat has in it', 1, 61n],
    ['to a seat that is not in it', 3, 1n],
    ['of what another seat has in it', 2, 41n],
  ])('is refused %s', (_, seatId, amount) => {
    ledger.execute(contribute(1, 60n));
    ledger.execute(contribute(2, 40n));
    expect(ledger.execute(returnTo(seatId, amount)).outcome).toMatchObject({
      code: 'RETURN_EXCEEDS_CONTRIBUTION',
      field: 'amount',
    });
    expect(ledger.balance(POT_CHIPS)).toBe(100n);
  });

  it.each<[string, Command, string]>([
    ['that is settled', settle([[1, 10n]]), 'POT_NOT_ACTIVE'],
    ['that is cancelled', cancel(), 'POT_NOT_ACTIVE'],
    ['of another hand', contribute(1, 1n, { handId: 'h-2' }), 'pot'],
  ])('from a pot %s', (_, command, code) => {
    ledger.execute(contribute(1, 60n));
    ledger.execute(command);
    expect(codesOf([ledger.execute(returnTo(1, 60n))])).toEqual([code]);
  });
});

describe('a cancellation', () => {
  it('gives everything back to the table, less what went back already', () => {
    ledger.execute(contribute(1, 60n));
    ledger.execute(contribute(2, 40n));
    ledger.execute(returnTo(1, 20n));
    ledger.nowMs += 1_000;
    const pot = potOf(ledger.execute(cancel({ details: { reason: 'misdeal' } })));
    expect(pot).toMatchObject({ status: 'CANCELLED', total: 0n, seatContribution: 0n, payouts: [] });
    expect(ledger.transaction(pot.transactionId ?? '').legs.map(({ amount }) => amount)).toEqual([-80n, 80n]);
    expect([ledger.balance(POT_CHIPS), ledger.balance(TABLE_CHIPS)]).toEqual([0n, 1_000n]);
    expect(ledger.pot('t-1', 'h-1')).toMatchObject({
      status: 'CANCELLED',
      seats: [
        { contributed: 60n, returned: 60n },
        { contributed: 40n, returned: 40n },
      ],
      version: 4n,
      updatedAtMs: START_MS + 1_000,
    });
    expect(ledger.lastWriteSet?.facts.map(({ kind }) => kind)).toEqual(['REFUND', 'POT_CANCELLED']);
    ledger.verifyChains();
  });

  it('again is granted, and moves nothing', () => {
    ledger.execute(contribute(1, 60n));
    ledger.execute(cancel());
    ledger.forget();
    expect(potOf(ledger.execute(cancel()))).toMatchObject({ status: 'CANCELLED', transactionId: null });
    expect(ledger.lastWriteSet).toMatchObject({ facts: [], entries: [], pots: [] });
  });

  it('of a pot from which all was returned moves nothing, and closes it', () => {
    ledger.execute(contribute(1, 60n));
    ledger.execute(returnTo(1, 60n));
    expect(potOf(ledger.execute(cancel()))).toMatchObject({ status: 'CANCELLED', transactionId: null });
    expect(ledger.lastWriteSet?.facts.map(({ kind }) => kind)).toEqual(['POT_CANCELLED']);
    expect(codesOf([ledger.execute(contribute(1, 1n))])).toEqual(['POT_NOT_ACTIVE']);
  });

  it('of a settled pot is refused', () => {
    ledger.execute(contribute(1, 60n));
    ledger.execute(settle([[1, 60n]]));
    expect(codesOf([ledger.execute(cancel())])).toEqual(['POT_NOT_ACTIVE']);
    expect(ledger.balance('player-1')).toBe(60n);
  });

  it('fills the hole of an observed table', () => {
    ledger = new MemoryLedger({ escrowPolicy: 'observe' });
    ledger.execute(contribute(1, 60n));
    ledger.execute(cancel());
    expect(ledger.account(TABLE_CHIPS)).toMatchObject({ balance: 0n, metadataJson: '{"inflation":"60"}' });
  });
});

describe('a hand without a pot', () => {
  it.each<[string, Command]>([
    ['a return', returnTo(1, 1n)],
    ['a cancellation', cancel()],
    ['a settlement', settle([[1, 1n]])],
  ])('refuses %s', (_, command) => {
    expect(ledger.execute(command).outcome).toEqual({
      kind: 'refusal',
      code: 'POT_NOT_FOUND',
      message: 'hand h-1 at table t-1 has no pot',
      field: 'handId',
    });
    ledger.forget();
    expect(codesOf([ledger.execute(command)])).toEqual(['POT_NOT_FOUND']);
  });
});

describe('what happened at a table', () => {
  it('cannot be reversed behind the back of the pot', () => {
    const bet = potOf(ledger.execute(contribute(1, 60n)));
    const back = potOf(ledger.execute(returnTo(1, 10n)));
    const win = potOf(ledger.execute(settle([[1, 50n]])));
    const ids = [bet.transactionId, back.transactionId, win.transactionId];
    const answers = ids.map((id) => ledger.execute(reverse(ledger.transaction(id ?? ''))));
    expect(codesOf(answers)).toEqual(['NOT_REVERSIBLE', 'NOT_REVERSIBLE', 'NOT_REVERSIBLE']);
    expect(ledger.balance(POT_CHIPS)).toBe(0n);
  });

  it('leaves the rest of an account reversible', () => {
    const { outcome } = ledger.execute(deposit('alice', 5n));
    const { transactionId } = (outcome as { transaction: { transactionId: string } }).transaction;
    expect(codesOf([ledger.execute(reverse(ledger.transaction(transactionId)))])).toEqual(['transaction']);
  });
});
