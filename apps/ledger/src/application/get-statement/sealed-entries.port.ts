import type { EntryProved } from '../proofs/prove-entry.handler.js';
import type { ReadRefusal } from '../read-refusal.js';
import type { ChainStretch } from './statement-reads.port.js';

/** An entry and its way to a signed checkpoint. */
export interface ProvenEntry {
  readonly entryId: string;
  readonly proof: EntryProved['proof'];
}

/** Entries that lie under a checkpoint. */
export abstract class SealedEntries {
  /**
   * The newest sealed entry of a stretch with its proof; undefined when none of it is sealed yet. Refuses with
   * INTEGRITY_FAILURE when what is stored no longer gives what was sealed.
   */
  abstract proveNewest(stretch: ChainStretch): Promise<ProvenEntry | undefined | ReadRefusal>;
}
