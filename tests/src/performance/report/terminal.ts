import type { BenchResults, LegResult } from '../results.types.js';
import { checksTable, figuresTable, machineLines, sidesTable, targetsTable, type Table } from './tables.js';

/** What the run found in one leg, for the terminal. */
export function legText(leg: LegResult): string {
  const parts = [`\n${leg.title} (${Math.round(leg.seconds)} s)`, textOf(sidesTable(leg))];
  if (leg.figures.length > 0) parts.push(textOf(figuresTable(leg)));
  if (leg.checks.length > 0) parts.push(textOf(checksTable(leg.checks)));
  return parts.join('\n\n');
}

/** The end of a run: where it ran and what it says about the targets. */
export function summaryText(results: BenchResults): string {
  const { rounds, seconds } = results.conditions;
  const lines = [
    '\nTargets (those of other systems scaled to this machine by its TPC-B-like rate)',
    '',
    textOf(targetsTable(results)),
    '',
    ...machineLines(results.machine),
    `medians of ${rounds} rounds of ${seconds} s, all sides of a leg in turns; ${Math.round(results.totalSeconds)} s in all`,
  ];
  return lines.join('\n');
}

/** The first column to the left, the others to the right. */
function textOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
