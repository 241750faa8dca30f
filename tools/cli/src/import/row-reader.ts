import { parse } from 'csv-parse/sync';
import { LINE_LENGTH_MAX, type Line } from './line-reader.js';
import type { MalformedRow } from './import-row.js';
import { isJsonObject } from '../api/json-reader.js';
import { CliError, usageError } from '../cli-error.js';

/** A row as named texts. A member that the row does not have is absent. */
export interface SourceRow {
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
}

// A quoted field with line breaks may go over this many lines; a quote that is still open then was a mistake.
const RECORD_LINES_MAX = 100;

/** Reads NDJSON: one object a line. Numbers keep their exact text, so 0.1 and 2^53 + 1 stay what they are. */
export async function* readNdjson(lines: AsyncIterable<Line>): AsyncGenerator<SourceRow | MalformedRow> {
  for await (const line of lines) {
    if (line.text === undefined) yield tooLong(line.number);
    else if (line.text.trim() !== '') yield parseJsonLine(line.number, line.text);
  }
}

/**
 * Reads CSV whose first line names the columns. A field may be quoted and may then hold line breaks. A row that
 * cannot be read costs only itself: reading goes on at the next line.
 * @param required columns that must be there; one that is not is an error of the caller.
 */
export async function* readCsv(
  lines: AsyncIterable<Line>,
  delimiter: string,
  required: readonly string[],
): AsyncGenerator<SourceRow | MalformedRow> {
  let header: readonly string[] | undefined;
  for await (const record of readRecords(lines, delimiter)) {
    if ('reason' in record) {
      if (!header) throw usageError(`the header cannot be read: ${record.reason}`);
      yield record;
    } else if (header) yield nameFields(header, record);
    else {
      header = record.values.map((name) => name.trim());
      requireColumns(header, required);
    }
  }
  if (!header) throw usageError('the file is empty: it has no header');
}

interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** Joins lines while a quote is open. Lines that were joined in vain are read again, one by one. */
async function* readRecords(
  lines: AsyncIterable<Line>,
  delimiter: string,
): AsyncGenerator<CsvRecord | MalformedRow> {
  let pending: Line[] = [];
  for await (const line of lines) {
    pending.push(line);
    while (pending.length > 0) {
      const taken = takeRecord(pending, delimiter, false);
      if (!taken) break;
      pending = pending.slice(taken.lineCount);
      if (taken.record) yield taken.record;
    }
  }
  while (pending.length > 0) {
    const taken = takeRecord(pending, delimiter, true);
    if (!taken) break;
    pending = pending.slice(taken.lineCount);
    if (taken.record) yield taken.record;
  }
}

interface Taken {
  readonly lineCount: number;
  readonly record?: CsvRecord | MalformedRow;
}

/** The first record of the lines read so far, or undefined when more lines are needed to end it. */
function takeRecord(lines: readonly Line[], delimiter: string, isEnd: boolean): Taken | undefined {
  const [first] = lines;
  if (!first) return undefined;
  if (first.text === undefined) return { lineCount: 1, record: tooLong(first.number) };
  if (first.text.trim() === '') return { lineCount: 1 };
  // By far the most rows have no quote at all: then CSV is nothing but text between delimiters.
  if (!first.text.includes('"')) {
    return { lineCount: 1, record: { line: first.number, values: first.text.split(delimiter) } };
  }
  const joined = joinQuoted(lines);
  if (joined === undefined) {
    if (!isEnd && lines.length < RECORD_LINES_MAX) return undefined;
    return { lineCount: 1, record: { line: first.number, reason: 'a quote is not closed' } };
  }
  const values = parseQuoted(joined.text, delimiter);
  if (values) return { lineCount: joined.lineCount, record: { line: first.number, values } };
  return { lineCount: 1, record: { line: first.number, reason: 'a quote stands where none may stand' } };
}

/** The shortest run of lines from the first in which every quote is closed. */
function joinQuoted(
  lines: readonly Line[],
): { readonly text: string; readonly lineCount: number } | undefined {
  let quotes = 0;
  let length = 0;
  for (const [index, { text = '' }] of lines.entries()) {
    quotes += text.split('"').length - 1;
    length += text.length;
    if (length > LINE_LENGTH_MAX) return undefined;
    if (quotes % 2 === 0) {
      const joined = lines.slice(0, index + 1).map((line) => line.text ?? '');
      return { text: joined.join('\n'), lineCount: index + 1 };
    }
  }
  return undefined;
}

function parseQuoted(text: string, delimiter: string): readonly string[] | undefined {
  try {
    const records: string[][] = parse(text, { delimiter, relax_column_count: true });
    return records.length === 1 ? records[0] : undefined;
  } catch {
    return undefined;
  }
}

function nameFields(header: readonly string[], record: CsvRecord): SourceRow | MalformedRow {
  if (record.values.length !== header.length) {
    return { line: record.line, reason: `${record.values.length} fields, the header has ${header.length}` };
  }
  const fields = new Map<string, string>();
  for (const [index, name] of header.entries()) fields.set(name, record.values[index] ?? '');
  return { line: record.line, fields };
}

function requireColumns(header: readonly string[], required: readonly string[]): void {
  const missing = required.filter((name) => !header.includes(name));
  if (missing.length === 0) return;
  throw usageError(
    `no column ${missing.map((name) => `"${name}"`).join(', ')}; the header has: ${header.join(', ')}`,
  );
}

function parseJsonLine(line: number, text: string): SourceRow | MalformedRow {
  let value: unknown;
  try {
    value = parseJsonExactly(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { line, reason: 'not valid JSON' };
    throw error;
  }
  if (!isJsonObject(value)) return { line, reason: 'not a JSON object' };
  const fields = new Map<string, string>();
  for (const [name, member] of Object.entries(value)) {
    if (member !== null) fields.set(name, typeof member === 'string' ? member : JSON.stringify(member));
  }
  return { line, fields };
}

/** JSON.parse that leaves every number as the text it was written with: no digit passes through a float. */
function parseJsonExactly(text: string): unknown {
  const keepNumberText = (_name: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? (context?.source ?? failWithoutNumberText()) : value;
  return JSON.parse(text, keepNumberText);
}

function failWithoutNumberText(): never {
  throw new CliError(`NDJSON needs Node 24, this is ${process.versions.node}: use npm run steelyard`);
}

function tooLong(line: number): MalformedRow {
  return { line, reason: `longer than ${LINE_LENGTH_MAX} characters` };
}
