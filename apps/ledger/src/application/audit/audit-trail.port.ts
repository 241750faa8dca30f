import type { AuditHead, ChainedAuditRecord } from '@steelyard/domain/audit';
import type { AuditDraft } from './audit-draft.js';
import type { AuditPosition } from './audit-cursor.js';

/** A record with its place, as it is stored. */
export interface PlacedAuditRecord extends ChainedAuditRecord {
  readonly bucket: number;
}

/** A record of a page, with the checksum before its own; empty when that record is missing. */
export interface ListedAuditRecord extends PlacedAuditRecord {
  readonly previousChecksum: string;
}

/** What a page is taken from. */
export interface AuditFilter {
  /** With the buckets that hold its records. */
  readonly account?: { readonly accountId: string; readonly buckets: readonly number[] } | undefined;
  readonly agentId?: string | undefined;
  /** Inclusive, milliseconds since 1970-01-01 UTC. */
  readonly fromMs: bigint;
}

/** A piece of one bucket's chain, and where the whole chain ended at the same instant. */
export interface AuditChainPiece {
  readonly head: AuditHead;
  /** In sequence order. */
  readonly records: readonly PlacedAuditRecord[];
}

/** The trail as it is stored. */
export abstract class AuditTrail {
  /** The newest records before a position: time, bucket, sequence, all descending. */
  abstract newest(
    filter: AuditFilter,
    page: { readonly before: AuditPosition; readonly limit: number },
  ): Promise<readonly ListedAuditRecord[]>;

  /** Puts events behind their buckets' chains, those that were recorded before left out; how many it recorded. */
  abstract record(events: readonly AuditDraft[]): Promise<number>;

  /**
   * Erases the personal data of at most `limit` records of a subject, and records the erasure, whose record is made
   * of their number, in the same transaction. From then on personal data of the subject in events of no later time
   * are not kept, whenever they arrive.
   */
  abstract erase(
    erasure: { readonly subject: string; readonly atMs: number; readonly limit: number },
    recordOf: (erased: number) => AuditDraft,
  ): Promise<number>;

  /** At most `limit` records of a bucket's chain behind a sequence. */
  abstract chainPiece(bucket: number, after: bigint, limit: number): Promise<AuditChainPiece>;
}
