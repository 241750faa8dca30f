import { describe, expect, it } from '@jest/globals';
import { parseAs } from '@steelyard/rest/requests';
import { cashOutBody, contributionBody, potQuery, settleBody, tablePolicyBody } from './tables.dto.js';

const winner = { seatId: 1, accountId: 'alice', amount: 20 };
const hand = { seatId: 1, accountId: 'alice', rank: 1 };
const contribution = { seatId: 1, accountId: 'alice', amount: 20, type: 'BET' };

describe('a settlement', () => {
  it('names the winners or the hands that were shown', () => {
    expect(parseAs(settleBody, { winners: [winner], rake: '3' })).toEqual({
      winners: [{ ...winner, amount: 20n }],
      rake: 3n,
    });
    expect(parseAs(settleBody, { showdown: [hand] })).toEqual({ showdown: [hand] });
  });

  it.each([
    [{}, 'INVALID_REQUEST', 'winners'],
    [{ winners: [winner], showdown: [hand] }, 'INVALID_REQUEST', 'winners'],
    [{ winners: [] }, 'INVALID_REQUEST', 'winners'],
    [{ winners: Array.from({ length: 101 }, () => winner) }, 'INVALID_REQUEST', 'winners'],
    [{ winners: [{ ...winner, amount: -1 }] }, 'INVALID_AMOUNT', 'winners.0.amount'],
    [{ winners: [{ ...winner, amount: 1.5 }] }, 'INVALID_AMOUNT', 'winners.0.amount'],
    [{ winners: [{ ...winner, accountId: '@house/CHIPS' }] }, 'INVALID_ACCOUNT_ID', 'winners.0.accountId'],
    [{ winners: [{ ...winner, seatId: -1 }] }, 'INVALID_REQUEST', 'winners.0.seatId'],
    [{ showdown: [{ ...hand, rank: 0 }] }, 'INVALID_REQUEST', 'showdown.0.rank'],
    [{ showdown: [{ ...hand, amount: 5 }] }, 'INVALID_REQUEST', 'showdown.0.amount'],
    [{ winners: [winner], rake: -1 }, 'INVALID_AMOUNT', 'rake'],
  ])('refuses %.60j with %s at %s', (body, code, field) => {
    expect(parseAs(settleBody, body)).toMatchObject({ kind: 'refused', code, field });
  });
});

describe('chips that move', () => {
  it.each([
    [{ ...contribution, type: 'FOLD' }, 'INVALID_REQUEST', 'type'],
    [{ ...contribution, amount: 0 }, 'INVALID_AMOUNT', 'amount'],
    [{ ...contribution, seatId: 2_147_483_648 }, 'INVALID_REQUEST', 'seatId'],
    [{ ...contribution, seatId: 0.5 }, 'INVALID_REQUEST', 'seatId'],
    [{ ...contribution, currency: 'chips' }, 'INVALID_CURRENCY', 'currency'],
  ])('are no contribution as %j: %s at %s', (body, code, field) => {
    expect(parseAs(contributionBody, body)).toMatchObject({ kind: 'refused', code, field });
  });

  it('are cashed out after a hand that has a name', () => {
    const cashOut = { accountId: 'alice', amount: 5 };
    expect(parseAs(cashOutBody, { ...cashOut, handId: 'h-1', seatId: 0 })).toEqual({
      ...cashOut,
      amount: 5n,
      handId: 'h-1',
      seatId: 0,
    });
    expect(parseAs(cashOutBody, { ...cashOut, handId: 'a/b' })).toMatchObject({ field: 'handId' });
  });

  it('are kept to one of two policies', () => {
    expect(parseAs(tablePolicyBody, { escrowPolicy: 'lenient' })).toMatchObject({ field: 'escrowPolicy' });
  });
});

describe('folded seats', () => {
  it.each([
    ['', []],
    ['3', [3]],
    ['1,2,10', [1, 2, 10]],
  ])('reads %p', (folded, seats) => expect(parseAs(potQuery, { folded })).toEqual({ folded: seats }));

  it('are nobody asked for when absent', () => expect(parseAs(potQuery, {})).toEqual({}));

  it.each(['1,', ',', '-1', '1;2', 'a', '9999999999', '1'.repeat(1_201)])('refuses %.20p', (folded) => {
    expect(parseAs(potQuery, { folded })).toMatchObject({ code: 'INVALID_REQUEST', field: 'folded' });
  });
});
