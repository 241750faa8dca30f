import type { BenchResults, LegResult } from '../results.types.js';
import { checksTable, figuresTable, machineLines, sidesTable, targetsTable, type Table } from './tables.js';

export const BEGIN_MARKER =
  '<!-- results: begin (npm run bench -- --markdown writes between these lines) -->';
export const END_MARKER = '<!-- results: end -->';

/**
 * The document with the tables of a run between its markers, and nothing else changed.
 *
 * @throws Error when the markers are not there, once each and in order
 */
export function withResults(document: string, results: BenchResults): string {
  const [before, rest, ...more] = document.split(BEGIN_MARKER);
  const [, after, ...others] = rest?.split(END_MARKER) ?? [];
  if (before === undefined || after === undefined || more.length > 0 || others.length > 0) {
    throw new Error(
      `the document must hold these lines once each, in this order:\n${BEGIN_MARKER}\n${END_MARKER}`,
    );
  }
  return `${before}${BEGIN_MARKER}\n\n${resultsMarkdown(results)}\n\n${END_MARKER}${after}`;
}

function resultsMarkdown(results: BenchResults): string {
  const { startedAt, rounds, seconds } = results.conditions;
  return [
    `Measured ${startedAt.slice(0, 10)}, medians of ${rounds} rounds of ${seconds} s, on:`,
    machineLines(results.machine)
      .map((line) => `- ${line}`)
      .join('\n'),
    '### Targets',
    markdownOf(targetsTable(results)),
    ...results.legs.flatMap(legMarkdown),
  ].join('\n\n');
}

function legMarkdown(leg: LegResult): string[] {
  const { checks, figures, title } = leg;
  return [
    `### ${title}`,
    markdownOf(sidesTable(leg)),
    ...(figures.length > 0 ? [markdownOf(figuresTable(leg))] : []),
    ...(checks.length > 0 ? [markdownOf(checksTable(checks))] : []),
  ];
}

/** Narrower columns cannot show how they are aligned. */
const COLUMN_WIDTH_MIN = 3;

/** A table as the formatter would write it, so that nobody has to format the document afterwards. */
function markdownOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map((line) => line.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = columns.map((_, column) =>
    Math.max(COLUMN_WIDTH_MIN, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const padded = lines.map((line) =>
    widths.map((width, column) => {
      const cell = line[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    }),
  );
  const [heading = [], ...body] = padded;
  return [heading, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
