export { checkpointText, divideNote, parseCheckpointText, type CheckpointBody } from './checkpoint.js';
export { verifyCheckpoints, type Consistency } from './consistency.js';
export {
  CONSISTENCY_FORMAT,
  ENTRY_PROOF_FORMAT,
  readDocument,
  STATEMENT_FORMAT,
  verifyDocument,
  type ProofDocument,
} from './documents.js';
export {
  checkpointFault,
  checkpointInNote,
  verifyEntryProof,
  type EntryProof,
  type ProvenEntry,
  type WrittenCheckpoint,
  type WrittenPath,
} from './entry-proof.js';
export { isKeyName } from './forms.js';
export {
  bucketLeafText,
  entryLeafText,
  factLeafText,
  parseBucketLeaf,
  parseEntryLeaf,
  parseSealLeaf,
  sealLeafText,
  type BucketLeaf,
  type EntryLeaf,
  type FactLeaf,
  type FactPosition,
  type SealLeaf,
} from './leaf-texts.js';
export { verifyStatement, type Statement, type StatementEnd } from './statement.js';
