import { describe, expect, it } from '@jest/globals';
import { parseHand } from './hand-parser.js';
import { ReplayReport, type ReplayPlan } from './replay-report.js';
import { formatReplayReport, toJson } from './replay-report-text.js';

const HAND = parseHand(
  JSON.stringify({
    hand_id: '7',
    table: 'one',
    seats: [
      { seat: 1, player: 'ann', stack: 1000 },
      { seat: 2, player: 'bob', stack: 500 },
    ],
    contributions: [
      { seat: 1, player: 'ann', type: 'BET', amount: 500 },
      { seat: 2, player: 'bob', type: 'CALL', amount: 500 },
    ],
    returned: [],
    winners: [{ seat: 1, player: 'ann', amount: 990 }],
    total_pot: 1000,
    rake: 10,
  }),
);
const TURNOVER = {
  deposited: 1_500n,
  boughtIn: 1_500n,
  contributed: 1_000n,
  returned: 0n,
  won: 990n,
  rake: 10n,
  cashedOut: 500n,
};
const SUPPLY = { deposited: 1_500n, players: 1_490n, tables: 0n, pots: 0n, rake: 10n, inflation: 0n };

function played(plan: Partial<ReplayPlan> = {}): ReplayReport {
  const report = new ReplayReport({
    run: 'r',
    doubleCount: false,
    escrowPolicy: 'strict',
    hands: [HAND],
    ...plan,
  });
  report.addCommand(false);
  report.addWinner(true);
  report.addCashOut(500n, true);
  report.addHand({ isReplayed: false, isConserved: true });
  return report;
}

describe('the report of a replay', () => {
  it('says where every chip went', () => {
    const report = played();
    report.endWith(SUPPLY);
    expect(report.agrees).toBe(true);
    expect(formatReplayReport(report.summary(TURNOVER, 1.25))).toBe(
      [
        'run                r',
        'kind               as the hands were played; escrow policy strict',
        'hands                             1  at 1 tables, 2 players',
        'played                            1  0 of them replayed',
        'commands                          1  new, 0 replayed',
        '',
        'chips in                      1,500  what the players sat down with',
        'contributed                   1,000',
        'returned                          0  uncalled bets',
        'won                             990',
        'cashed out                      500',
        'rake                             10',
        'chips out                     1,490  won and cashed out',
        '',
        'winners paid                      1  of 1 to the chip',
        'hands conserved                   1  of 1',
        '',
        'with the players              1,490',
        'on the tables                     0',
        'in pots                           0',
        'rake                             10',
        'supply                        1,500  conserved',
        '',
        'seconds            1.25',
        'everything is as it must be',
        '',
      ].join('\n'),
    );
  });

  it('writes amounts as strings of digits into JSON', () => {
    expect(JSON.parse(toJson(played().summary(TURNOVER, 0)))).toMatchObject({ chipsIn: '1500', hands: 1 });
  });

  it('names the hand that deviates', () => {
    const report = played();
    report.addDeviation({ handId: '7', table: 'one', what: 'rake: expected 10, found 9' });
    report.endWith(SUPPLY);
    expect(report.agrees).toBe(false);
    expect(formatReplayReport(report.summary(TURNOVER, 0))).toContain(
      '1 DEVIATIONS\n  hand 7 at one: rake: expected 10, found 9\n',
    );
  });

  it('does not agree when a chip is missing, the supply was not read or a hand was not played', () => {
    const short = played();
    short.endWith({ ...SUPPLY, players: 1_489n });
    expect(short.agrees).toBe(false);
    expect(formatReplayReport(short.summary(TURNOVER, 0))).toContain('the supply is NOT conserved');
    expect(played().agrees).toBe(false);
    const unfinished = played({ hands: [HAND, HAND] });
    unfinished.endWith(SUPPLY);
    expect(unfinished.agrees).toBe(false);
  });

  it('says what a double count came to under each policy', () => {
    const observed = played({ doubleCount: true, escrowPolicy: 'observe' });
    observed.endWith({ ...SUPPLY, players: 2_480n, tables: -990n, inflation: 990n });
    expect(formatReplayReport(observed.summary(TURNOVER, 0))).toMatch(/^chips created +990 /m);
    const strict = played({ doubleCount: true });
    strict.addCashOut(1_490n, false);
    expect(formatReplayReport(strict.summary(TURNOVER, 0))).toMatch(
      /^cash-outs refused +1 {2}of 2: INSUFFICIENT_ESCROW, 1,490 chips$/m,
    );
  });
});
