import type { ArchiveTarget, Placed } from './archive-target.port.js';
import type { ArchiveRow, ArchiveTable } from './archive-tables.js';
import type { ArchivedFact } from './archive.types.js';

/** Rows a statement: some megabytes at most. */
const ROWS_PER_BATCH = 2_000;

/** Collects rows and facts, and writes a batch while the next one is collected. */
export class ArchiveBatches {
  private rows: Placed<ArchiveRow>[] = [];
  private facts: Placed<ArchivedFact>[] = [];
  private entries = 0;
  private table: ArchiveTable | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly target: ArchiveTarget) {}

  async addRow(table: ArchiveTable, row: Placed<ArchiveRow>): Promise<void> {
    this.table = table;
    this.rows.push(row);
    if (this.rows.length >= ROWS_PER_BATCH) await this.writeRows();
  }

  async addFact(fact: Placed<ArchivedFact>): Promise<void> {
    this.facts.push(fact);
    this.entries += fact.value.entries.length;
    if (this.facts.length + this.entries >= ROWS_PER_BATCH) await this.writeFacts();
  }

  /** Resolves when everything has been written. */
  async flush(): Promise<void> {
    await this.writeRows();
    await this.writeFacts();
    await this.writing;
  }

  private async writeRows(): Promise<void> {
    const { rows, table } = this;
    if (table === undefined || rows.length === 0) return;
    this.rows = [];
    await this.follow(() => this.target.insertRows(table, rows));
  }

  private async writeFacts(): Promise<void> {
    const { facts } = this;
    if (facts.length === 0) return;
    this.facts = [];
    this.entries = 0;
    await this.follow(() => this.target.insertFacts(facts));
  }

  /** Waits for the batch before, and goes on while this one is written. */
  private async follow(write: () => Promise<void>): Promise<void> {
    await this.writing;
    this.writing = write();
    // Its failure is met by whoever waits for it.
    this.writing.catch(() => undefined);
  }
}
