import type { ArchiveRow, ArchiveTable } from './archive-tables.js';
import type { ArchivedFact, ArchivedHead, ArchiveHeader } from './archive.types.js';

/** A ledger as one snapshot shows it. */
export abstract class ArchiveSource {
  abstract header(): Promise<ArchiveHeader>;

  /** A table's rows in the order of its key, in pages; of idempotency keys those that have not expired. */
  abstract rows(table: ArchiveTable): AsyncIterable<readonly ArchiveRow[]>;

  /** The facts of a bucket up to its head with their entries, in order, in pages. */
  abstract facts(head: ArchivedHead): AsyncIterable<readonly ArchivedFact[]>;
}
