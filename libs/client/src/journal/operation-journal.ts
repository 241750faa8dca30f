import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SteelyardUnavailableError } from '../answers/index.js';
import type { Keyed } from '../dispatch/wire-transport.port.js';
import type { OperationKind } from '../operations/index.js';
import { AppendOnlyFile } from './append-only-file.js';
import { DirectoryLock } from './directory-lock.js';
import { encodeLine } from './journal-line.js';
import {
  isJournalRecord,
  type JournalEntry,
  type JournalRecord,
  type ReservationLink,
} from './journal-record.js';
import { LaneCounts } from './lane-counts.js';
import { lanesOfEntry, PendingEntries } from './pending-entries.js';

export interface JournalSettings {
  /** Of this process alone; made if it is absent. On a disk that survives what the journal shall survive. */
  readonly directory: string;
  /** Operations that may wait. Default 100,000. */
  readonly entriesMax?: number | undefined;
  /** Of the file. Default 64 MiB. */
  readonly bytesMax?: number | undefined;
}

const ENTRIES_MAX = 100_000;
const BYTES_MAX = 64 * 1024 * 1024;
/** Entries that are done are cut out of the file when there are so many. */
const COMPACT_AFTER = 1_000;

/** A line of the journal that cannot be read: an operation may be lost. It is in the file until {@link OperationJournal.tidy}. */
export type OnDamagedLine = (line: string) => unknown;

/** Operations that wait for the service, on the disk. One process at a time; survives its death at any point. */
export class OperationJournal {
  readonly #beingWritten = new LaneCounts();
  #doneInFile = 0;

  private constructor(
    private readonly file: AppendOnlyFile,
    private readonly lock: DirectoryLock,
    private readonly entries: PendingEntries,
    private readonly limits: { readonly entriesMax: number; readonly bytesMax: number },
  ) {}

  /** @throws JournalLockedError when another process uses the directory */
  static async open(
    { directory, entriesMax = ENTRIES_MAX, bytesMax = BYTES_MAX }: JournalSettings,
    onDamagedLine: OnDamagedLine,
  ): Promise<OperationJournal> {
    await mkdir(directory, { recursive: true });
    const lock = await DirectoryLock.acquire(join(directory, 'journal.lock'));
    try {
      const { file, values, damaged } = await AppendOnlyFile.open(join(directory, 'journal.ndjson'));
      const entries = new PendingEntries();
      const unknown = values.filter((value) => !isJournalRecord(value));
      for (const value of values) if (isJournalRecord(value)) entries.apply(value);
      for (const line of [...damaged, ...unknown.map((value) => encodeLine({ value }))]) onDamagedLine(line);
      return new OperationJournal(file, lock, entries, { entriesMax, bytesMax });
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** How many operations wait. */
  get size(): number {
    return this.entries.size;
  }

  /** The operations that wait, oldest first. */
  first(count: number): readonly JournalEntry[] {
    return this.entries.first(count);
  }

  /** True: an operation waits that this one must not overtake. */
  isBehind(lanes: readonly string[]): boolean {
    return this.#beingWritten.hasAnyOf(lanes) || this.entries.hasAnyOf(lanes);
  }

  /** What a provisional name stands for: a reservation's id, null when it was refused, undefined when unknown. */
  linkOf(provisionalId: string): string | null | undefined {
    return this.entries.linkOf(provisionalId);
  }

  /**
   * Keeps an operation. It is on the disk when this returns.
   *
   * @param maybeSent the service may have seen it already
   * @throws SteelyardUnavailableError when the journal is full
   * @throws JournalLockedError when another process has taken it over
   */
  async append<Kind extends OperationKind>(
    { kind, input, idempotencyKey }: Keyed<Kind>,
    maybeSent: boolean,
  ): Promise<JournalEntry> {
    this.lock.assertHeld();
    this.#refuseWhenFull(idempotencyKey);
    const atMs = Date.now();
    const entry: JournalEntry = {
      id: this.entries.nextId(),
      kind,
      input,
      idempotencyKey,
      journalledAtMs: atMs,
      ...(maybeSent && { sentAtMs: atMs }),
      ...(kind === 'reserve' && { provisionalId: `journalled-${randomUUID()}` }),
    };
    // It blocks its lanes while it is being written: nothing may overtake it.
    const lanes = lanesOfEntry(entry);
    this.#beingWritten.add(lanes);
    try {
      await this.#write({ type: 'entry', entry });
      return entry;
    } finally {
      this.#beingWritten.remove(lanes);
    }
  }

  /**
   * Notes that the service may see entries from now on.
   *
   * @returns those of them for which that is new
   */
  async markSent(entries: readonly JournalEntry[]): Promise<readonly JournalEntry[]> {
    const unsent = entries.filter(({ sentAtMs }) => sentAtMs === undefined);
    if (unsent.length > 0) await this.#write({ type: 'sent', ids: idsOf(unsent), atMs: Date.now() });
    return unsent;
  }

  /** Takes that back: it turned out that the service cannot have seen them. */
  async unmarkSent(entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length > 0) await this.#write({ type: 'unsent', ids: idsOf(entries) });
  }

  /** Removes entries whose outcome is known. */
  async done(entries: readonly JournalEntry[], links: readonly ReservationLink[]): Promise<void> {
    await this.#write({ type: 'done', ids: idsOf(entries), links });
    this.#doneInFile += entries.length;
    if (this.entries.size === 0 || this.#doneInFile >= COMPACT_AFTER) await this.#compact();
  }

  /** Cuts what is done, and what is damaged, out of the file. */
  async tidy(): Promise<void> {
    await this.#compact();
  }

  async close(): Promise<void> {
    await this.file.close();
    await this.lock.release();
  }

  /** What is in memory is on the disk, always. */
  #write(record: JournalRecord): Promise<void> {
    return this.file.append([record], () => this.entries.apply(record));
  }

  async #compact(): Promise<void> {
    await this.file.replace(() => this.entries.records());
    this.#doneInFile = 0;
  }

  #refuseWhenFull(idempotencyKey: string): void {
    const { entriesMax, bytesMax } = this.limits;
    if (this.entries.size < entriesMax && this.file.sizeBytes < bytesMax) return;
    throw new SteelyardUnavailableError(
      `the service is away and the journal is full (${this.entries.size} operations)`,
      { reason: 'journal-full', maybeApplied: false, idempotencyKey },
    );
  }
}

function idsOf(entries: readonly JournalEntry[]): readonly number[] {
  return entries.map(({ id }) => id);
}
