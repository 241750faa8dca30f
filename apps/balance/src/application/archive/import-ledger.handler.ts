import { BUCKETS_MAX } from '@steelyard/domain/accounts';
import type { FactKey } from '@steelyard/domain/posting';
import { ArchiveBatches } from './archive-batches.js';
import type { ArchiveTarget, StoredFault } from './archive-target.port.js';
import {
  ACCOUNTS,
  TABLES_AFTER_FACTS,
  valueOf,
  type ArchiveRow,
  type ArchiveTable,
} from './archive-tables.js';
import {
  linesOf,
  type ArchivedHead,
  type ArchiveCounts,
  type ArchiveHeader,
  type ArchiveProgress,
  type ArchiveReport,
} from './archive.types.js';
import { FactAudit, isPlaced } from './fact-audit.js';
import { ImportRefusedError } from './import-refusal.error.js';
import { factOf, footerOf, headerOf, LineFormError, parseLine, rowOf } from './line-parser.js';
import { RunningHash } from './running-hash.js';

/** What lines are called, in the order in which they come. */
const SECTIONS = ['header', ACCOUNTS.line, 'fact', ...TABLES_AFTER_FACTS.map(({ line }) => line), 'footer'];

type Members = ReturnType<typeof parseLine>;

/** Takes an archive into an empty deployment, proving every line. One object imports one archive. */
export class ImportLedgerHandler {
  private readonly hash = new RunningHash();
  private readonly batches: ArchiveBatches;
  private readonly counts = new Map<string, number>();
  private readonly firstLines = new Map<string, number>();
  private header: ArchiveHeader | undefined;
  private lines = 0;
  private section = 0;
  private lastKey: ArchiveRow = [];
  private bucket = -1;
  private audit: FactAudit | undefined;
  private accountsCompared = 0;
  private report: ArchiveReport | undefined;

  constructor(private readonly target: ArchiveTarget) {
    this.batches = new ArchiveBatches(target);
  }

  get progress(): ArchiveProgress {
    const linesTotal = this.header === undefined ? 0 : linesOf(this.header.counts);
    return { lines: this.lines, linesTotal, entries: this.countOf('entries') };
  }

  /** @throws ImportRefusedError that names the line at fault; then nothing of the archive is kept. */
  async execute(lines: AsyncIterable<string>): Promise<ArchiveReport> {
    for await (const line of lines) {
      this.lines += 1;
      try {
        await this.take(line);
      } catch (error) {
        if (error instanceof LineFormError) throw this.refused(error.message);
        throw error;
      }
    }
    const { report, header } = this;
    if (report === undefined || header === undefined) {
      throw new ImportRefusedError('the file ends before its footer: it is not complete', this.lines + 1);
    }
    await this.target.commit(header.heads);
    return report;
  }

  private async take(text: string): Promise<void> {
    if (this.report !== undefined) throw this.refused('there is more behind the footer');
    const members = parseLine(text);
    const before = this.hash.value;
    if (!this.hash.agrees(text)) throw this.refused('it is not what was written: its check does not agree');
    const section = SECTIONS.indexOf(String(members['line']));
    if (section < 0) throw this.refused(`there are no lines called ${JSON.stringify(members['line'])}`);
    if (this.header === undefined) return this.begin(members);
    if (section < this.section || section === 0) throw this.refused('it is not where lines of its kind are');
    await this.enter(section);
    const table = [ACCOUNTS, ...TABLES_AFTER_FACTS].find(({ line }) => line === SECTIONS[section]);
    if (table !== undefined) return this.takeRow(table, members);
    return SECTIONS[section] === 'fact' ? this.takeFact(members) : this.finish(members, before);
  }

  private async begin(members: Members): Promise<void> {
    const header = headerOf(members);
    const { buckets, heads } = header;
    if (buckets < 1 || buckets > BUCKETS_MAX) throw new LineFormError('buckets is out of range');
    if (heads.length !== buckets || heads.some(({ bucket }, index) => bucket !== index)) {
      throw new LineFormError('heads must have one line a bucket');
    }
    this.header = header;
    await this.target.open(header);
  }

  /** Ends the sections before this one. */
  private async enter(section: number): Promise<void> {
    if (section === this.section) return;
    const facts = SECTIONS.indexOf('fact');
    if (this.section <= facts && section > facts) await this.moveToBucket(this.known().buckets);
    await this.batches.flush();
    this.section = section;
    this.lastKey = [];
  }

  private takeRow(table: ArchiveTable, members: Members): Promise<void> {
    const row = rowOf(table, members);
    const key = row.slice(0, table.keyLength);
    if (!isAfter(key, this.lastKey))
      throw this.refused('it does not come after the line before it, by its key');
    this.lastKey = key;
    const bucket = Number(row[0]);
    const { buckets } = this.known();
    if (bucket >= buckets) throw this.refused(`there is no bucket ${bucket}`);
    const accountId = table === ACCOUNTS ? valueOf(table, row, 'account_id') : undefined;
    if (typeof accountId === 'string' && !isPlaced(accountId, bucket, buckets)) {
      throw this.refused(`account ${accountId} does not belong into bucket ${bucket}`);
    }
    this.noteFirst(table.line);
    this.count(table.plural, 1);
    return this.batches.addRow(table, { line: this.lines, value: row });
  }

  private async takeFact(members: Members): Promise<void> {
    const fact = factOf(members);
    if (fact.bucket < this.bucket || fact.bucket >= this.known().buckets) {
      throw this.refused(`facts of bucket ${fact.bucket} are out of place`);
    }
    await this.moveToBucket(fact.bucket);
    this.noteFirst(factsOf(fact.bucket));
    const fault = this.audit?.next(fact, this.lines);
    if (fault !== undefined) throw this.refused(fault);
    this.count('facts', 1);
    this.count('entries', fact.entries.length);
    await this.batches.addFact({ line: this.lines, value: fact });
  }

  /** Ends every bucket before this one, and begins it. */
  private async moveToBucket(bucket: number): Promise<void> {
    const { heads, buckets } = this.known();
    while (this.bucket < bucket) {
      if (this.audit !== undefined) await this.endBucket(this.audit);
      this.bucket += 1;
      const head = heads[this.bucket];
      this.audit = head === undefined ? undefined : new FactAudit(head, buckets);
    }
  }

  private async endBucket(audit: FactAudit): Promise<void> {
    const fault = audit.end();
    if (fault !== undefined) throw this.refused(fault);
    await this.batches.flush();
    for await (const page of this.target.accountEnds(this.bucket)) {
      for (const account of page) {
        this.accountsCompared += 1;
        const reason = audit.compare(account);
        if (reason === undefined) continue;
        const line = (this.firstLines.get(ACCOUNTS.line) ?? 1) + this.accountsCompared - 1;
        throw new ImportRefusedError(`account ${account.accountId}: ${reason}`, line);
      }
    }
    const stranger = audit.stranger();
    if (stranger === undefined) return;
    throw new ImportRefusedError(`there is no account ${stranger.accountId}`, stranger.line);
  }

  private async finish(members: Members, sha256: string): Promise<void> {
    const footer = footerOf(members);
    const header = this.known();
    if (footer.sha256 !== sha256 || footer.lines !== this.lines - 1) {
      throw this.refused('the lines before it are not those that were written');
    }
    for (const counts of [header.counts, footer.counts]) this.compareCounts(counts);
    const fault = await this.target.findFault(header.heads);
    if (fault !== undefined) throw new ImportRefusedError(fault.reason, this.lineOf(fault));
    this.report = { lines: this.lines, counts: footer.counts, sha256 };
  }

  private compareCounts(counts: ArchiveCounts): void {
    for (const name of [
      'facts',
      'entries',
      ...[ACCOUNTS, ...TABLES_AFTER_FACTS].map(({ plural }) => plural),
    ]) {
      if (counts[name] === this.countOf(name)) continue;
      throw this.refused(`${counts[name] ?? 'no'} ${name} were written, ${this.countOf(name)} were found`);
    }
  }

  private lineOf(fault: StoredFault): number {
    if (fault.kind === 'fact') return this.lineOfFact(fault.key);
    return (this.firstLines.get(fault.table.line) ?? 1) + fault.place - 1;
  }

  private lineOfFact({ bucket, sequence }: FactKey): number {
    return (this.firstLines.get(factsOf(bucket)) ?? 1) + Number(sequence) - 1;
  }

  private known(): ArchiveHeader & { readonly heads: readonly ArchivedHead[] } {
    if (this.header === undefined) throw this.refused('the header is missing');
    return this.header;
  }

  private refused(message: string): ImportRefusedError {
    return new ImportRefusedError(message, this.lines);
  }

  private noteFirst(what: string): void {
    if (!this.firstLines.has(what)) this.firstLines.set(what, this.lines);
  }

  private count(name: string, more: number): void {
    this.counts.set(name, this.countOf(name) + more);
  }

  private countOf(name: string): number {
    return this.counts.get(name) ?? 0;
  }
}

function factsOf(bucket: number): string {
  return `facts of bucket ${bucket}`;
}

/** Keys are integers and texts of ASCII, whose order here is the database's. */
function isAfter(key: ArchiveRow, before: ArchiveRow): boolean {
  for (const [index, value] of key.entries()) {
    const other = before[index] ?? null;
    if (other === null || value === null) return true;
    if (value !== other) return value > other;
  }
  return false;
}
