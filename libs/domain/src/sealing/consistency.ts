import { fromHex, verifyConsistency } from '../merkle/index.js';
import { checkpointFault, checkpointInNote, readHashes, type WrittenCheckpoint } from './entry-proof.js';

/** That the later of two checkpoints continues the earlier one. */
export interface Consistency {
  readonly from: WrittenCheckpoint;
  readonly to: WrittenCheckpoint;
  /** Lower-case hex (RFC 6962, 2.1.2). */
  readonly hashes: readonly string[];
}

/**
 * What does not agree between two checkpoints; undefined when the log under `to` begins with all seals under `from`.
 * The signatures of both notes are the caller's to verify.
 */
export function verifyCheckpoints({ from, to, hashes }: Consistency): string | undefined {
  const fault = checkpointFault(from) ?? checkpointFault(to);
  if (fault !== undefined) return fault;
  if (checkpointInNote(from.note)?.origin !== checkpointInNote(to.note)?.origin) {
    return 'the two checkpoints are of different logs';
  }
  const [fromRoot, toRoot, path] = [fromHex(from.rootHash), fromHex(to.rootHash), readHashes(hashes)];
  if (fromRoot === undefined || toRoot === undefined || path === undefined) {
    return 'a hash is not 64 lower-case hex digits';
  }
  const sizes = { fromSize: from.treeSize, toSize: to.treeSize };
  if (verifyConsistency({ ...sizes, hashes: path }, fromRoot, toRoot)) return undefined;
  return `the log of ${to.treeSize} seals does not continue the log of ${from.treeSize} seals`;
}
