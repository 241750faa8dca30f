import { isOperationKind, type OperationKind, type Operations } from '../operations/index.js';

/** An operation that waits for the service. */
export interface JournalEntry<Kind extends OperationKind = OperationKind> {
  /** Grows; the order in which entries are sent. */
  readonly id: number;
  readonly kind: Kind;
  readonly input: Operations[Kind];
  readonly idempotencyKey: string;
  /** Milliseconds since 1970. */
  readonly journalledAtMs: number;
  /** When the service may have seen it for the first time; absent: it cannot have seen it yet. */
  readonly sentAtMs?: number | undefined;
  /** The name that the caller was given for the reservation to come. */
  readonly provisionalId?: string;
}

/** What a provisional name of a reservation came to stand for. */
export interface ReservationLink {
  readonly provisionalId: string;
  /** null: the reservation was refused. */
  readonly reservationId: string | null;
  readonly linkedAtMs: number;
}

export type JournalRecord =
  | { readonly type: 'entry'; readonly entry: JournalEntry }
  | { readonly type: 'sent'; readonly ids: readonly number[]; readonly atMs: number }
  | { readonly type: 'unsent'; readonly ids: readonly number[] }
  | { readonly type: 'done'; readonly ids: readonly number[]; readonly links: readonly ReservationLink[] };

/** What was read from the file, whose line's checksum is right: written by this library, or by a newer one. */
export function isJournalRecord(value: unknown): value is JournalRecord {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  switch (value.type) {
    case 'entry':
      return 'entry' in value && isEntry(value.entry);
    case 'sent':
    case 'unsent':
      return 'ids' in value && Array.isArray(value.ids);
    case 'done':
      return 'ids' in value && Array.isArray(value.ids) && 'links' in value && Array.isArray(value.links);
    default:
      return false;
  }
}

function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== 'object' || value === null) return false;
  return 'id' in value && 'kind' in value && isOperationKind(value.kind) && 'idempotencyKey' in value;
}
