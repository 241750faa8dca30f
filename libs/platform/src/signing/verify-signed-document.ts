import {
  CONSISTENCY_FORMAT,
  ENTRY_PROOF_FORMAT,
  parseCheckpointText,
  STATEMENT_FORMAT,
  verifyDocument,
  type CheckpointBody,
  type ProofDocument,
} from '@steelyard/domain/sealing';
import { openNote, type NoteFault } from './signed-note.js';
import type { VerifierKey } from './verifier-key.js';

/** A checkpoint that a key of its own log has signed. */
export interface SignedCheckpoint extends CheckpointBody {
  readonly verifiedBy: readonly VerifierKey[];
}

/** Opens a checkpoint's note: known keys must have signed it, and one of them must bear the name of the log. */
export function openCheckpoint(note: string, keys: readonly VerifierKey[]): SignedCheckpoint | NoteFault {
  const opened = openNote(note, keys);
  if ('fault' in opened) return opened;
  const body = parseCheckpointText(opened.text);
  if (body === undefined) return { fault: 'the note is no checkpoint of the documented form' };
  const { verifiedBy } = opened;
  if (verifiedBy.some(({ name }) => name === body.origin)) return { ...body, verifiedBy };
  return {
    fault: `the checkpoint is of the log ${body.origin}, but no known key of that name has signed it`,
  };
}

/**
 * Verifies all of a document: its checkpoints' signatures against known keys, and everything under them. The
 * checkpoints it rests on, none for a statement without a proof; or the first fault.
 */
export function verifySignedDocument(
  document: ProofDocument,
  keys: readonly VerifierKey[],
): readonly SignedCheckpoint[] | NoteFault {
  const fault = verifyDocument(document);
  if (fault !== undefined) return { fault };
  const checkpoints: SignedCheckpoint[] = [];
  for (const note of notesOf(document)) {
    const checkpoint = openCheckpoint(note, keys);
    if ('fault' in checkpoint) return checkpoint;
    checkpoints.push(checkpoint);
  }
  return checkpoints;
}

/** The notes of the checkpoints that a document rests on. */
export function notesOf(document: ProofDocument): readonly string[] {
  switch (document.format) {
    case ENTRY_PROOF_FORMAT:
      return [document.proof.checkpoint.note];
    case STATEMENT_FORMAT:
      return document.statement.proof === null ? [] : [document.statement.proof.checkpoint.note];
    case CONSISTENCY_FORMAT:
      return [document.consistency.from.note, document.consistency.to.note];
  }
}
