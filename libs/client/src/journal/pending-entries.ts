import { lanesOf } from '../operations/index.js';
import { LaneCounts } from './lane-counts.js';
import type { JournalEntry, JournalRecord, ReservationLink } from './journal-record.js';

/** A provisional name is of use as long as its reservation can live, and a while longer. */
const LINK_LIFETIME_MS = 25 * 60 * 60 * 1_000;

/** What the records of a journal come to: the entries that wait, and what provisional names stand for. */
export class PendingEntries {
  readonly #entries = new Map<number, JournalEntry>();
  readonly #links = new Map<string, ReservationLink>();
  readonly #lanes = new LaneCounts();
  #lastId = 0;

  get size(): number {
    return this.#entries.size;
  }

  nextId(): number {
    return ++this.#lastId;
  }

  apply(record: JournalRecord): void {
    switch (record.type) {
      case 'entry':
        return this.#add(record.entry);
      case 'sent':
        for (const id of record.ids) this.#markSent(id, record.atMs);
        return;
      case 'unsent':
        for (const id of record.ids) this.#unmarkSent(id);
        return;
      case 'done':
        for (const id of record.ids) this.#remove(id);
        for (const link of record.links) this.#links.set(link.provisionalId, link);
    }
  }

  /** The fewest records that say the same. */
  records(): readonly JournalRecord[] {
    const oldest = Date.now() - LINK_LIFETIME_MS;
    for (const [name, { linkedAtMs }] of this.#links) if (linkedAtMs < oldest) this.#links.delete(name);
    const entries = [...this.#entries.values()].map((entry) => ({ type: 'entry', entry }) as const);
    if (this.#links.size === 0) return entries;
    return [{ type: 'done', ids: [], links: [...this.#links.values()] }, ...entries];
  }

  first(count: number): readonly JournalEntry[] {
    const first: JournalEntry[] = [];
    for (const entry of this.#entries.values()) {
      if (first.length === count) break;
      first.push(entry);
    }
    return first;
  }

  hasAnyOf(lanes: readonly string[]): boolean {
    return this.#lanes.hasAnyOf(lanes);
  }

  linkOf(provisionalId: string): string | null | undefined {
    return this.#links.get(provisionalId)?.reservationId;
  }

  #add(entry: JournalEntry): void {
    this.#lastId = Math.max(this.#lastId, entry.id);
    this.#entries.set(entry.id, entry);
    this.#lanes.add(lanesOfEntry(entry));
  }

  #remove(id: number): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#lanes.remove(lanesOfEntry(entry));
  }

  #markSent(id: number, sentAtMs: number): void {
    const entry = this.#entries.get(id);
    // The first time counts: that is when the service began to remember the key.
    if (entry && entry.sentAtMs === undefined) this.#entries.set(id, { ...entry, sentAtMs });
  }

  #unmarkSent(id: number): void {
    const entry = this.#entries.get(id);
    if (entry) this.#entries.set(id, { ...entry, sentAtMs: undefined });
  }
}

/** What must not overtake an entry, what uses the reservation to come included. */
export function lanesOfEntry({ kind, input, provisionalId }: JournalEntry): readonly string[] {
  const lanes = lanesOf(kind, input);
  return provisionalId === undefined ? lanes : [...lanes, `reservation/${provisionalId}`];
}
