import { beforeEach, describe, expect, it } from '@jest/globals';
import { setStatus } from '../../test/support/command-builders.js';
import type { MemoryLedger } from '../../test/support/memory-ledger.js';
import {
  cancel,
  codesOf,
  ledgerWithHand,
  paidBy,
  potOf,
  returnTo,
  settle,
  showdown,
} from '../../test/support/table-builders.js';
import type { SettlePot } from './table-commands.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;
const POT_CHIPS = '@pot/t-1/h-1/CHIPS';
let ledger: MemoryLedger;

beforeEach(() => {
  ledger = ledgerWithHand([
    [1, 60n],
    [2, 40n],
  ]);
});

describe('a settlement', () => {
  it('pays the winners and closes the pot, by one transaction each', () => {
    const pot = potOf(
      ledger.execute(
        settle([
          [2, 70n],
          [1, 30n],
        ]),
      ),
    );
    expect(pot).toMatchObject({
      status: 'SETTLED',
      total: 100n,
      rake: 0n,
      seatContribution: 0n,
      transactionId: null,
    });
    expect(pot.payouts).toEqual([
      {
        seatId: 1,
        accountId: 'player-1',
        amount: 30n,
        transactionId: pot.payouts[0]?.transactionId,
        newBalance: 30n,
      },
      {
        seatId: 2,
        accountId: 'player-2',
        amount: 70n,
        transactionId: pot.payouts[1]?.transactionId,
        newBalance: 70n,
      },
    ]);
    expect(pot.payouts.map(({ transactionId }) => ledger.transaction(transactionId).type)).toEqual([
      'POT_WIN',
      'POT_WIN',
    ]);
    expect(ledger.balance(POT_CHIPS)).toBe(0n);
    expect(ledger.pot('t-1', 'h-1')).toMatchObject({
      status: 'SETTLED',
      rake: 0n,
      version: 3n,
      seats: [
        { contributed: 60n, returned: 0n, won: 30n },
        { contributed: 40n, returned: 0n, won: 70n },
      ],
    });
    ledger.verifyChains();
  });

  it('says on each win which seat and hand it was, and at the end that the pot is settled', () => {
    ledger.execute(settle([[2, 100n]], { details: { reason: 'flush', performedBy: 'table-service' } }));
    const facts = ledger.lastWriteSet?.facts ?? [];
    expect(facts.filter(({ home }) => home === null).map(({ kind }) => kind)).toEqual([
      'POT_WIN',
      'POT_SETTLED',
    ]);
    expect(JSON.parse(facts[0]?.dataJson ?? '')).toEqual({
      handId: 'h-1',
      performedBy: 'table-service',
      reason: 'flush',
      seatId: 2,
      tableId: 't-1',
    });
    expect(JSON.parse(facts.at(-1)?.dataJson ?? '')).toMatchObject({
      pot: { status: 'SETTLED', total: '100' },
    });
  });

  it('of one winner names its transaction', () => {
    const { transactionId, payouts } = potOf(ledger.execute(settle([[2, 100n]])));
    expect(transactionId).toBe(payouts[0]?.transactionId);
    expect(transactionId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('again is granted and pays nobody, whoever it names', () => {
    ledger.execute(settle([[2, 100n]]));
    const before = ledger.snapshot();
    ledger.forget();
    for (const again of [settle([[2, 100n]]), settle([[1, 100n]]), settle([]), showdown([[1, 1]])]) {
      expect(potOf(ledger.execute(again, null))).toMatchObject({
        status: 'SETTLED',
        total: 100n,
        payouts: [],
        transactionId: null,
      });
    }
    expect(ledger.state).toEqual(before);
  });

  it('of a cancelled pot is refused', () => {
    ledger.execute(cancel());
    expect(ledger.execute(settle([[2, 100n]])).outcome).toMatchObject({
      code: 'POT_NOT_ACTIVE',
      message: 'the pot of hand h-1 is cancelled',
    });
  });

  it('opens the account of an unknown winner, in the currency of the pot', () => {
    expect(paidBy(ledger, settle([[9, 100n, 'stranger']]))).toEqual([[9, 'stranger', 100n, 100n]]);
    expect(ledger.account('stranger')).toMatchObject({
      balance: 100n,
      currency: 'CHIPS',
      creditLimit: 0n,
      sequence: 1n,
      version: 2n,
    });
    const { bucket } = ledger.account('stranger');
    const opened = ledger.lastWriteSet?.facts.filter(({ kind }) => kind === 'ACCOUNT_OPENED');
    expect(opened).toMatchObject([{ key: { bucket } }]);
    expect(ledger.pot('t-1', 'h-1').seats.map(({ won }) => won)).toEqual([0n, 0n]);
    ledger.verifyChains();
  });

  it('pays an account that wins at two seats twice, the second on top of the first', () => {
    const command = settle([
      [1, 30n, 'twin'],
      [2, 70n, 'twin'],
    ]);
    expect(paidBy(ledger, command)).toEqual([
      [1, 'twin', 30n, 30n],
      [2, 'twin', 70n, 100n],
    ]);
    expect(ledger.account('twin')).toMatchObject({ balance: 100n, sequence: 2n });
    expect(ledger.lastWriteSet?.openedAccounts).toHaveLength(1);
    ledger.verifyChains();
  });

  it('pays a frozen account, and passes a ceiling: what was won was won', () => {
    ledger.give('player-1', { maxBalance: 1n });
    ledger.execute(setStatus('player-2', 'frozen'));
    expect(
      codesOf([
        ledger.execute(
          settle([
            [1, 50n],
            [2, 50n],
          ]),
        ),
      ]),
    ).toEqual(['pot']);
    expect([ledger.balance('player-1'), ledger.balance('player-2')]).toEqual([50n, 50n]);
  });

  it('pays from what was not returned', () => {
    ledger.execute(returnTo(1, 20n));
    expect(paidBy(ledger, settle([[1, 80n]]))).toEqual([[1, 'player-1', 80n, 80n]]);
    expect(ledger.balance('@table/t-1/CHIPS')).toBe(20n);
  });

  it('of a pot from which all was returned pays nobody, and closes it', () => {
    ledger.execute(returnTo(1, 60n));
    ledger.execute(returnTo(2, 40n));
    expect(potOf(ledger.execute(settle([[1, 5n]])))).toMatchObject({
      status: 'SETTLED',
      total: 0n,
      payouts: [],
    });
    expect(ledger.lastWriteSet?.facts.map(({ kind }) => kind)).toEqual(['POT_SETTLED']);
  });
});

describe('amounts that do not sum to the pot', () => {
  it.each<[string, (readonly [number, bigint])[], bigint[]]>([
    [
      'too much is scaled down',
      [
        [1, 150n],
        [2, 50n],
      ],
      [75n, 25n],
    ],
    [
      'too little is scaled up',
      [
        [1, 3n],
        [2, 1n],
      ],
      [75n, 25n],
    ],
    [
      'odd chips go to the first in seat order',
      [
        [3, 1n],
        [2, 1n],
        [1, 1n],
      ],
      [34n, 33n, 33n],
    ],
    [
      'the largest amounts are exact',
      [
        [1, AMOUNT_MAX],
        [2, AMOUNT_MAX],
      ],
      [50n, 50n],
    ],
    [
      'a winner of nothing is left out',
      [
        [1, 0n],
        [2, 1n],
      ],
      [100n],
    ],
    [
      'a seat that is named twice is paid once',
      [
        [1, 25n],
        [2, 50n],
        [1, 25n],
      ],
      [50n, 50n],
    ],
  ])('%s', (_, winners, amounts) => {
    const pot = potOf(ledger.execute(settle(winners)));
    expect(pot.payouts.map(({ amount }) => amount)).toEqual(amounts);
    expect(ledger.balance(POT_CHIPS)).toBe(0n);
  });
});

describe('the rake', () => {
  const raked = (capChips: bigint, minPotChips: bigint): MemoryLedger =>
    ledgerWithHand(
      [
        [1, 999n],
        [2, 1_000n],
      ],
      { basisPoints: 250, capChips, minPotChips },
    );

  it('is as the deployment is configured: rounded down, to the house', () => {
    const one = raked(0n, 0n);
    const pot = potOf(one.execute(settle([[1, 1_999n]])));
    // 1,999 x 2.5 % = 49.975
    expect(pot).toMatchObject({
      rake: 49n,
      total: 1_999n,
      payouts: [{ amount: 1_950n }],
      transactionId: null,
    });
    expect([one.balance('@house/CHIPS'), one.balance('player-1'), one.balance(POT_CHIPS)]).toEqual([
      49n,
      1_950n,
      0n,
    ]);
    const { bucket } = one.account('@table/t-1/CHIPS');
    expect(one.state.accounts.has(`${bucket} @house/CHIPS`)).toBe(true);
    const kinds = one.lastWriteSet?.facts.filter(({ home }) => home === null).map(({ kind }) => kind);
    expect(kinds).toEqual(['POT_WIN', 'RAKE', 'POT_SETTLED']);
    expect(one.pot('t-1', 'h-1').rake).toBe(49n);
    one.verifyChains();
  });

  it.each([
    [10n, 0n, 10n],
    [49n, 0n, 49n],
    [50n, 0n, 49n],
    [0n, 1_998n, 49n],
    [0n, 1_999n, 0n],
  ])('capped at %d, only above %d, is %d', (capChips, minPotChips, rake) => {
    const one = raked(capChips, minPotChips);
    expect(potOf(one.execute(settle([[1, 1n]])))).toMatchObject({
      rake,
      payouts: [{ amount: 1_999n - rake }],
    });
    expect(one.balance('@house/CHIPS')).toBe(rake);
  });

  it.each([0n, 1n, 100n])('is what the settlement says when it says so: %d', (rake) => {
    const one = ledgerWithHand(
      [
        [1, 60n],
        [2, 40n],
      ],
      { basisPoints: 250, capChips: 0n, minPotChips: 0n },
    );
    const pot = potOf(one.execute(settle([[1, 1n]], { rake })));
    expect(pot.rake).toBe(rake);
    expect(pot.payouts.map(({ amount }) => amount)).toEqual(rake === 100n ? [] : [100n - rake]);
    expect([one.balance('@house/CHIPS'), one.balance(POT_CHIPS)]).toEqual([rake, 0n]);
  });

  it.each([101n, -1n])('of %d is refused', (rake) => {
    const before = ledger.snapshot();
    expect(ledger.execute(settle([[1, 1n]], { rake })).outcome).toMatchObject({
      code: 'INVALID_AMOUNT',
      field: 'rake',
    });
    expect(ledger.state.accounts).toEqual(before.accounts);
    expect(ledger.pot('t-1', 'h-1').status).toBe('ACTIVE');
  });

  it('never makes the house leave the range', () => {
    const { bucket } = ledger.account(POT_CHIPS);
    ledger.give('player-1');
    ledger.state.accounts.set(`${bucket} @house/CHIPS`, {
      ...ledger.account(POT_CHIPS),
      accountId: '@house/CHIPS',
      balance: AMOUNT_MAX,
      creditLimit: null,
    });
    expect(codesOf([ledger.execute(settle([[1, 1n]], { rake: 1n }))])).toEqual(['AMOUNT_OUT_OF_RANGE']);
  });
});

describe('a settlement is refused whole', () => {
  it.each<[string, SettlePot, string, string]>([
    ['without winners', settle([]), 'INVALID_REQUEST', 'winners'],
    ['without amounts', settle([[1, 0n]]), 'INVALID_AMOUNT', 'winners.amount'],
    [
      'for a seat with two accounts',
      settle([
        [1, 1n],
        [1, 1n, 'eve'],
      ]),
      'INVALID_REQUEST',
      'winners.accountId',
    ],
    [
      'for a closed winner',
      settle([
        [1, 1n],
        [2, 1n, 'closed'],
      ]),
      'ACCOUNT_CLOSED',
      'winners.accountId',
    ],
    [
      'for a winner in another currency',
      settle([
        [1, 1n],
        [2, 1n, 'pavel'],
      ]),
      'CURRENCY_MISMATCH',
      'winners.accountId',
    ],
    [
      'for a winner at the end of the range',
      settle([
        [1, 1n],
        [2, 1n, 'rich'],
      ]),
      'AMOUNT_OUT_OF_RANGE',
      'amount',
    ],
    [
      'for an account whose wins together leave the range',
      settle([
        [1, 60n, 'almost'],
        [2, 40n, 'almost'],
      ]),
      'AMOUNT_OUT_OF_RANGE',
      'amount',
    ],
  ])('%s', (_, command, code, field) => {
    ledger.give('closed', { status: 'closed' });
    ledger.give('pavel', { currency: 'CZK' });
    ledger.give('rich', { balance: AMOUNT_MAX });
    ledger.give('almost', { balance: AMOUNT_MAX - 99n });
    const before = ledger.snapshot();
    expect(ledger.execute(command).outcome).toMatchObject({ kind: 'refusal', code, field });
    expect(ledger.state.accounts).toEqual(before.accounts);
    expect(ledger.state.pots).toEqual(before.pots);
    expect(ledger.state.facts).toEqual(before.facts);
  });
});
