import { factText, footerText, headerText, rowWriter } from './archive-lines.js';
import type { ArchiveSink } from './archive-sink.port.js';
import type { ArchiveSource } from './archive-source.port.js';
import { ACCOUNTS, TABLES_AFTER_FACTS, type ArchiveTable } from './archive-tables.js';
import {
  linesOf,
  type ArchiveCounts,
  type ArchiveHeader,
  type ArchiveProgress,
  type ArchiveReport,
} from './archive.types.js';
import { RunningHash } from './running-hash.js';

/** The snapshot does not hold what it says that it holds. */
export class IncompleteLedgerError extends Error {
  override readonly name = 'IncompleteLedgerError';
}

/** Writes a whole ledger as lines, from one snapshot. No more than a page of rows is held. */
export class ExportLedgerHandler {
  private readonly hash = new RunningHash();
  private readonly counts = new Map<string, number>();
  private lines = 0;
  private linesTotal = 0;

  constructor(
    private readonly source: ArchiveSource,
    private readonly sink: ArchiveSink,
  ) {}

  get progress(): ArchiveProgress {
    return { lines: this.lines, linesTotal: this.linesTotal, entries: this.countOf('entries') };
  }

  /** @throws IncompleteLedgerError when facts, entries or rows are missing: verification says which. */
  async execute(): Promise<ArchiveReport> {
    const header = await this.source.header();
    this.linesTotal = linesOf(header.counts);
    await this.write([headerText(header)]);
    await this.writeTable(ACCOUNTS);
    await this.writeFacts(header);
    for (const table of TABLES_AFTER_FACTS) await this.writeTable(table);
    const counts = this.compare(header.counts);
    const report = { lines: this.lines, counts, sha256: this.hash.value };
    await this.write([footerText(report)]);
    return { ...report, lines: this.lines };
  }

  private async writeTable(table: ArchiveTable): Promise<void> {
    const write = rowWriter(table);
    this.count(table.plural, 0);
    for await (const rows of this.source.rows(table)) {
      await this.write(rows.map(write));
      this.count(table.plural, rows.length);
    }
  }

  private async writeFacts({ heads }: ArchiveHeader): Promise<void> {
    this.count('facts', 0);
    this.count('entries', 0);
    for (const head of heads) {
      for await (const facts of this.source.facts(head)) {
        await this.write(facts.map(factText));
        this.count('facts', facts.length);
        this.count(
          'entries',
          facts.reduce((sum, { entries }) => sum + entries.length, 0),
        );
      }
    }
  }

  private async write(texts: readonly string[]): Promise<void> {
    if (texts.length === 0) return;
    this.lines += texts.length;
    await this.sink.write(texts.map((text) => `${this.hash.close(text)}\n`).join(''));
  }

  private compare(announced: ArchiveCounts): ArchiveCounts {
    for (const [name, count] of Object.entries(announced)) {
      const found = this.countOf(name);
      if (found === count) continue;
      throw new IncompleteLedgerError(
        `the ledger should have ${count} ${name} and has ${found}: verify it before you export it`,
      );
    }
    return announced;
  }

  private count(name: string, more: number): void {
    this.counts.set(name, this.countOf(name) + more);
  }

  private countOf(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}
