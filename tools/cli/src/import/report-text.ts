import { EXAMPLES_MAX, type ImportSummary } from './import-report.js';

const LABEL_WIDTH = 12;
const counts = new Intl.NumberFormat('en-US');

/** The report for people: one figure a line, then the first examples of what did not go as it should. */
export function formatReport(summary: ImportSummary): string {
  const lines = [
    figure('rows', summary.rows),
    figure('posted', summary.posted),
    figure('replayed', summary.replayed),
    figure('refused', summary.refused),
    ...refusals(summary),
    figure('malformed', summary.malformed),
    ...summary.malformedRows.slice(0, EXAMPLES_MAX).map((row) => `  line ${row.line}: ${row.reason}`),
    ...more(summary.malformed),
    `${figure('mismatches', summary.mismatches)} of ${counts.format(summary.balancesCompared)} balances compared`,
    ...mismatches(summary),
    ...(summary.unanswered > 0 ? [figure('unanswered', summary.unanswered)] : []),
    `${'seconds'.padEnd(LABEL_WIDTH)} ${summary.seconds}`,
    figure('rows/second', summary.rowsPerSecond),
    ...(summary.stopped === undefined ? [] : [`stopped: ${summary.stopped}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function figure(label: string, count: number): string {
  return `${label.padEnd(LABEL_WIDTH)} ${counts.format(count)}`;
}

function refusals(summary: ImportSummary): readonly string[] {
  return Object.entries(summary.refusedByCode).flatMap(([code, { count, first }]) => [
    `  ${code} ${counts.format(count)}`,
    ...first.map(
      (row) => `    line ${row.line}: account ${row.account}, reference ${row.reference}: ${row.message}`,
    ),
    ...more(count).map((line) => `  ${line}`),
  ]);
}

function mismatches(summary: ImportSummary): readonly string[] {
  const lines = summary.firstMismatches.map(
    ({ line, account, reference, expected, found }) =>
      `  line ${line}: account ${account}, reference ${reference}: expected ${expected}, found ${found}`,
  );
  return [...lines, ...more(summary.mismatches)];
}

function more(count: number): readonly string[] {
  return count > EXAMPLES_MAX ? [`  … and ${counts.format(count - EXAMPLES_MAX)} more`] : [];
}
