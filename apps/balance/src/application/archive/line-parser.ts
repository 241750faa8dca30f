import {
  ENTRIES_PER_TRANSACTION_MAX,
  isFactKind,
  type FactKey,
  type FactKind,
} from '@steelyard/domain/posting';
import type { ArchiveColumn, ArchiveRow, ArchiveTable, ArchiveValue } from './archive-tables.js';
import {
  ARCHIVE_FORMAT,
  type ArchiveCounts,
  type ArchivedEntry,
  type ArchivedFact,
  type ArchivedHead,
  type ArchiveHeader,
} from './archive.types.js';

type Members = Readonly<Record<string, unknown>>;

/** What a line has instead of what it should have. */
export class LineFormError extends Error {
  override readonly name = 'LineFormError';
}

const HEX = /^([0-9a-f]{2})*$/;
const CHECKSUM = /^[0-9a-f]{64}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NUL = '\u0000';

/** The object of a line. @throws LineFormError */
export function parseLine(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // The reason says no more than that.
  }
  throw new LineFormError('it is not a JSON object');
}

/** What the first line says. @throws LineFormError */
export function headerOf(members: Members): ArchiveHeader {
  if (members['line'] !== 'header' || members['format'] !== ARCHIVE_FORMAT) {
    throw new LineFormError(`it is not the header of a ${ARCHIVE_FORMAT} file`);
  }
  const exportedAtMs = Date.parse(textOf(members, 'exportedAt'));
  if (Number.isNaN(exportedAtMs)) throw new LineFormError('exportedAt is not a time');
  return {
    version: textOf(members, 'version'),
    exportedAtMs,
    buckets: numberOf(members, 'buckets'),
    defaultCurrency: textOf(members, 'defaultCurrency'),
    counts: countsOf(members),
    heads: listOf(members, 'heads').map(headOf),
  };
}

/** What the last line says. @throws LineFormError */
export function footerOf(members: Members): { lines: number; counts: ArchiveCounts; sha256: string } {
  return {
    lines: numberOf(members, 'lines'),
    counts: countsOf(members),
    sha256: textOf(members, 'sha256'),
  };
}

/** A table's row, with exactly the members that the form has. @throws LineFormError */
export function rowOf(table: ArchiveTable, members: Members): ArchiveRow {
  const names = Object.keys(members).length - LINE_MEMBERS;
  if (names !== table.columns.length) throw new LineFormError(`it must have ${table.columns.length} members`);
  return table.columns.map((column) => columnValue(column, members[column.member]));
}

/** A fact with its entries. @throws LineFormError */
export function factOf(members: Members): ArchivedFact {
  const home = members['home'];
  const key = members['idempotencyKey'];
  if (key !== null && typeof key !== 'string')
    throw new LineFormError('idempotencyKey must be a text or null');
  const entries = listOf(members, 'entries').map(entryOf);
  if (entries.length > ENTRIES_PER_TRANSACTION_MAX) throw new LineFormError('it has too many entries');
  return {
    bucket: numberOf(members, 'bucket'),
    sequence: integerOf(members, 'sequence'),
    kind: kindOf(textOf(members, 'kind')),
    committedAtMs: numberOf(members, 'committedAtMs'),
    home: home === null ? null : keyOf(home),
    legs: listOf(members, 'legs').map(keyOf),
    idempotencyKey: key,
    data: textOf(members, 'data'),
    entries,
  };
}

/** `line` and `check`. */
const LINE_MEMBERS = 2;

function columnValue({ member, type, isNullable }: ArchiveColumn, value: unknown): ArchiveValue {
  if (value === null && isNullable) return null;
  if (type === 'integer') return integer(value, member);
  if (typeof value !== 'string' || value.includes(NUL)) throw new LineFormError(`${member} must be a text`);
  if (type === 'hex' && !HEX.test(value)) throw new LineFormError(`${member} must be hex`);
  if (type === 'uuid' && !UUID.test(value)) throw new LineFormError(`${member} must be a UUID`);
  return value;
}

function headOf(value: unknown): ArchivedHead {
  const members = objectOf(value, 'a head');
  return {
    bucket: numberOf(members, 'bucket'),
    sequence: integerOf(members, 'sequence'),
    committedAtMs: integerOf(members, 'committedAtMs'),
  };
}

function entryOf(value: unknown): ArchivedEntry {
  const members = objectOf(value, 'an entry');
  const checksum = textOf(members, 'checksum');
  if (!CHECKSUM.test(checksum)) throw new LineFormError('checksum must be 64 digits of lower-case hex');
  return {
    accountId: textOf(members, 'accountId'),
    sequence: integerOf(members, 'sequence'),
    amount: integerOf(members, 'amount'),
    balanceAfter: integerOf(members, 'balanceAfter'),
    ordinal: numberOf(members, 'ordinal'),
    hashVersion: numberOf(members, 'hashVersion'),
    checksum,
  };
}

function keyOf(value: unknown): FactKey {
  const members = objectOf(value, 'a place');
  return { bucket: numberOf(members, 'bucket'), sequence: integerOf(members, 'sequence') };
}

function kindOf(name: string): FactKind {
  if (isFactKind(name)) return name;
  throw new LineFormError(`${name} is no kind of fact`);
}

function countsOf(members: Members): ArchiveCounts {
  const counts = objectOf(members['counts'], 'counts');
  return Object.fromEntries(Object.keys(counts).map((name) => [name, numberOf(counts, name)]));
}

function listOf(members: Members, name: string): readonly unknown[] {
  const value = members[name];
  if (Array.isArray(value)) return value;
  throw new LineFormError(`${name} must be a list`);
}

function textOf(members: Members, name: string): string {
  const value = members[name];
  if (typeof value === 'string' && !value.includes(NUL)) return value;
  throw new LineFormError(`${name} must be a text`);
}

function numberOf(members: Members, name: string): number {
  const value = members[name];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new LineFormError(`${name} must be a whole number`);
}

function integerOf(members: Members, name: string): bigint {
  return integer(members[name], name);
}

function integer(value: unknown, name: string): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw new LineFormError(`${name} must be a whole number within ±(2^53 - 1)`);
}

function objectOf(value: unknown, what: string): Members {
  if (isObject(value)) return value;
  throw new LineFormError(`${what} must be an object`);
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
