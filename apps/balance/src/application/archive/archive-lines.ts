import type { FactKey } from '@steelyard/domain/posting';
import type { ArchiveRow, ArchiveTable, ArchiveValue } from './archive-tables.js';
import {
  ARCHIVE_FORMAT,
  type ArchiveCounts,
  type ArchivedEntry,
  type ArchivedFact,
  type ArchiveHeader,
} from './archive.types.js';

// Lines are written by hand: their integers are bigint, and JSON.stringify would take twice as long. All of them
// lack their closing brace, because the check of the line comes last.

/** The line that begins an archive. */
export function headerText(header: ArchiveHeader): string {
  const { version, exportedAtMs, buckets, defaultCurrency, heads, counts } = header;
  const exportedAt = new Date(exportedAtMs).toISOString();
  const headTexts = heads.map(
    ({ bucket, sequence, committedAtMs }) =>
      `{"bucket":${bucket},"sequence":${sequence},"committedAtMs":${committedAtMs}}`,
  );
  return (
    `{"line":"header","format":"${ARCHIVE_FORMAT}","version":${JSON.stringify(version)}` +
    `,"exportedAt":"${exportedAt}"` +
    `,"buckets":${buckets},"defaultCurrency":${JSON.stringify(defaultCurrency)}` +
    `,"counts":${JSON.stringify(counts)},"heads":[${headTexts.join(',')}]`
  );
}

/** The line that ends it. */
export function footerText(report: { lines: number; counts: ArchiveCounts; sha256: string }): string {
  const { lines, counts, sha256 } = report;
  return `{"line":"footer","lines":${lines},"counts":${JSON.stringify(counts)},"sha256":"${sha256}"`;
}

/** Makes lines of a table's rows. */
export function rowWriter({ line, columns }: ArchiveTable): (row: ArchiveRow) => string {
  const prefixes = columns.map(({ member }) => `,"${member}":`);
  const isText = columns.map(({ type }) => type === 'text');
  return (row) => {
    let text = `{"line":"${line}"`;
    for (const [index, prefix] of prefixes.entries()) {
      text += prefix + valueText(row[index] ?? null, isText[index] === true);
    }
    return text;
  };
}

function valueText(value: ArchiveValue, isText: boolean): string {
  if (typeof value !== 'string') return value === null ? 'null' : value.toString();
  // Hex and UUIDs hold nothing that JSON escapes.
  return isText ? JSON.stringify(value) : `"${value}"`;
}

/** The line of a fact. */
export function factText(fact: ArchivedFact): string {
  const { bucket, sequence, committedAtMs, kind, home, legs, idempotencyKey, data, entries } = fact;
  return (
    `{"line":"fact","bucket":${bucket},"sequence":${sequence},"committedAtMs":${committedAtMs},"kind":"${kind}"` +
    `,"home":${home === null ? 'null' : keyText(home)},"legs":[${legs.map(keyText).join(',')}]` +
    `,"idempotencyKey":${JSON.stringify(idempotencyKey)},"data":${JSON.stringify(data)}` +
    `,"entries":[${entries.map(entryText).join(',')}]`
  );
}

function keyText({ bucket, sequence }: FactKey): string {
  return `{"bucket":${bucket},"sequence":${sequence}}`;
}

function entryText(entry: ArchivedEntry): string {
  const { accountId, sequence, amount, balanceAfter, ordinal, hashVersion, checksum } = entry;
  return (
    `{"accountId":${JSON.stringify(accountId)},"sequence":${sequence},"amount":${amount}` +
    `,"balanceAfter":${balanceAfter},"ordinal":${ordinal},"hashVersion":${hashVersion},"checksum":"${checksum}"}`
  );
}
