import type { AuditRecord } from '@steelyard/domain/audit';

/** A record before it has its place in a chain. */
export interface AuditDraft extends AuditRecord {
  readonly bucket: number;
  /** Canonical JSON of what identifies a person, kept beside the record; absent when there is nothing. */
  readonly personalJson?: string;
}
