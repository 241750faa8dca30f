import { describe, expect, it } from '@jest/globals';
import { ImportReport } from './import-report.js';
import type { ImportRow } from './import-row.js';
import { formatReport } from './report-text.js';

function row(line: number, expectedBalanceMinor?: bigint): ImportRow {
  const fixed = { accountId: 'a', currency: 'CZK', scale: 2, reference: `r${line}`, itemJson: '{}' };
  return expectedBalanceMinor === undefined ? { line, ...fixed } : { line, ...fixed, expectedBalanceMinor };
}

describe('the report of an import', () => {
  it('agrees when every row was posted or replayed with the expected balance', () => {
    const report = new ImportReport();
    report.addRead();
    report.addRead();
    report.addPosted(row(2, 100n), { balanceAfterMinor: 100n, isReplayed: false });
    report.addPosted(row(3), { balanceAfterMinor: 5n, isReplayed: true });
    expect(report.agrees).toBe(true);
    expect(report.summary(2)).toMatchObject({
      rows: 2,
      posted: 1,
      replayed: 1,
      balancesCompared: 1,
      mismatches: 0,
      unanswered: 0,
      rowsPerSecond: 1,
    });
  });

  it('does not agree with a mismatch, and says what was expected in whole units', () => {
    const report = new ImportReport();
    report.addRead();
    report.addPosted(row(9, -12_345n), { balanceAfterMinor: 5n, isReplayed: false });
    expect(report.agrees).toBe(false);
    expect(formatReport(report.summary(1))).toContain(
      'line 9: account a, reference r9: expected -123.45, found 0.05',
    );
  });

  it.each([
    ['malformed', (report: ImportReport) => report.addMalformed({ line: 2, reason: 'amount is empty' })],
    ['refused', (report: ImportReport) => report.addRefused(row(2), 'ACCOUNT_CLOSED', 'closed')],
    ['unanswered', () => undefined],
  ])('does not agree with a row that is %s', (_kind, happen) => {
    const report = new ImportReport();
    report.addRead();
    happen(report);
    expect(report.agrees).toBe(false);
  });

  it('does not agree when it was stopped', () => {
    const report = new ImportReport();
    report.stop('interrupted');
    report.stop('later reason');
    expect(report.agrees).toBe(false);
    expect(report.summary(1).stopped).toBe('interrupted');
  });

  it('counts all refusals by code and keeps the first ten of each', () => {
    const report = new ImportReport();
    for (let line = 1; line <= 12; line += 1)
      report.addRefused(row(line), 'INSUFFICIENT_BALANCE', 'too little');
    const { count, first } = report.summary(1).refusedByCode['INSUFFICIENT_BALANCE'] ?? {
      count: 0,
      first: [],
    };
    expect(count).toBe(12);
    expect(first.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(formatReport(report.summary(1))).toContain('… and 2 more');
  });
});
