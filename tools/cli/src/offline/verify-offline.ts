import {
  CONSISTENCY_FORMAT,
  ENTRY_PROOF_FORMAT,
  STATEMENT_FORMAT,
  type ProofDocument,
} from '@steelyard/domain/sealing';
import {
  notesOf,
  openCheckpoint,
  verifySignedDocument,
  type NoteFault,
  type SignedCheckpoint,
} from '@steelyard/platform/signing';
import type { KeyRing } from './key-ring.js';
import type { ReadDocument } from './read-files.js';

/** A checkpoint that the user kept, and what shows it to be of the same log as the document's. */
export interface Kept {
  readonly note: string;
  /** Needed when the two have different sizes. */
  readonly consistency: ReadDocument | undefined;
}

/** Verifies a document with nothing but the user's keys; what was verified in lines, or the first fault. */
export function verifyOffline(
  document: ReadDocument,
  keys: KeyRing,
  kept: Kept | undefined,
): readonly string[] | NoteFault {
  if ('fault' in document) return document;
  const checkpoints = verifySignedDocument(document, keys.keysFor(notesOf(document)));
  if ('fault' in checkpoints) return checkpoints;
  const checkpoint = checkpoints.at(-1);
  const lines = [describe(document), ...(checkpoint === undefined ? [] : [describeCheckpoint(checkpoint)])];
  if (kept === undefined) return lines;
  const fault = keptFault(checkpoint, kept, keys);
  return fault === undefined ? [...lines, 'consistent with the checkpoint that was kept'] : { fault };
}

function keptFault(
  checkpoint: SignedCheckpoint | undefined,
  { note, consistency }: Kept,
  keys: KeyRing,
): string | undefined {
  if (checkpoint === undefined)
    return 'the document rests on no checkpoint that could be compared with the kept one';
  const kept = openCheckpoint(note, keys.keysFor([note]));
  if ('fault' in kept) return `the kept checkpoint: ${kept.fault}`;
  if (kept.origin !== checkpoint.origin) return 'the kept checkpoint is of another log';
  if (kept.treeSize === checkpoint.treeSize) {
    return kept.rootHash === checkpoint.rootHash
      ? undefined
      : 'the kept checkpoint of the same size has another root';
  }
  if (consistency === undefined) return 'the kept checkpoint has another size: a consistency proof is needed';
  if ('fault' in consistency) return `the consistency proof: ${consistency.fault}`;
  if (consistency.format !== CONSISTENCY_FORMAT)
    return 'the file of --consistency holds no consistency proof';
  const ends = verifySignedDocument(consistency, keys.keysFor(notesOf(consistency)));
  if ('fault' in ends) return `the consistency proof: ${ends.fault}`;
  const expected = kept.treeSize < checkpoint.treeSize ? [kept, checkpoint] : [checkpoint, kept];
  if (expected.every((one, i) => isSame(one, ends[i]))) return undefined;
  return 'the consistency proof is not between the kept checkpoint and the one of the document';
}

function isSame(one: SignedCheckpoint, other: SignedCheckpoint | undefined): boolean {
  return (
    other !== undefined &&
    one.origin === other.origin &&
    one.treeSize === other.treeSize &&
    one.rootHash === other.rootHash
  );
}

function describe(document: ProofDocument): string {
  switch (document.format) {
    case ENTRY_PROOF_FORMAT: {
      const { entryId, accountId } = document.entry;
      return `valid: entry ${entryId} of account ${accountId} and all before it`;
    }
    case STATEMENT_FORMAT: {
      const { accountId, entries, provenEntryId } = document.statement;
      const proven = entries.findIndex(({ entryId }) => entryId === provenEntryId) + 1;
      const proved = proven === 0 ? 'none of them proved' : `${proven} of them proved`;
      return `valid: statement of account ${accountId}, ${entries.length} entries, ${proved}`;
    }
    case CONSISTENCY_FORMAT: {
      const { from, to } = document.consistency;
      return `valid: checkpoint ${to.treeSize} continues checkpoint ${from.treeSize}`;
    }
  }
}

function describeCheckpoint({ origin, treeSize, sealedAt, verifiedBy }: SignedCheckpoint): string {
  const keys = verifiedBy.map(({ name, keyId }) => `${name}+${keyId}`).join(', ');
  return `under checkpoint ${treeSize} of ${origin}, sealed at ${sealedAt}, signed by ${keys}`;
}
