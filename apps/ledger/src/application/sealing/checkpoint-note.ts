import { divideNote, parseCheckpointText, type CheckpointBody } from '@steelyard/domain/sealing';

/** What a signed note says of the log; undefined when it is no checkpoint. Says nothing about its signatures. */
export function readCheckpoint(note: string): CheckpointBody | undefined {
  const divided = divideNote(note);
  return divided && parseCheckpointText(divided.text);
}

/** The size of the log under a note; undefined when it is no checkpoint. */
export function readCheckpointSize(note: string): bigint | undefined {
  return readCheckpoint(note)?.treeSize;
}
