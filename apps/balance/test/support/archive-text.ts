import { RunningHash } from '../../src/application/archive/running-hash.js';

/** A line of an archive as an object, to be changed. */
export type ArchiveLine = Record<string, unknown>;

/** The lines of an archive. */
export function linesIn(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

/**
 * Writes lines as an archive with right checks: what a forger does who knows the form. The footer is that of these
 * lines.
 */
export function sealed(lines: readonly ArchiveLine[]): string {
  const hash = new RunningHash();
  return lines
    .map((line) => {
      const isFooter = line['line'] === 'footer';
      const members = {
        ...line,
        ...(isFooter ? { lines: lines.length - 1, sha256: hash.value } : {}),
        check: undefined,
      };
      return `${hash.close(JSON.stringify(members).slice(0, -1))}\n`;
    })
    .join('');
}

/** The lines of an archive as objects. */
export function parsed(text: string): ArchiveLine[] {
  return linesIn(text).map((line) => JSON.parse(line) as ArchiveLine);
}
