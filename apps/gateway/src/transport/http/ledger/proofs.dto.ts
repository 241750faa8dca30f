import { CONSISTENCY_FORMAT, ENTRY_PROOF_FORMAT } from '@steelyard/domain/sealing';
import { cursor, limit } from '@steelyard/rest/requests';
import { instantText, minorOrText, named, nextCursor } from '@steelyard/rest/schemas';
import { ledgerEntry } from '@steelyard/rest/history';
import { z } from 'zod';

const NOTE_LENGTH_MAX = 8_192;

/** A number of seals: at most 15 digits, which every client reads exactly. */
const treeSize = z
  .string()
  .regex(/^[1-9][0-9]{0,14}$/, 'must be a whole number from 1 on')
  .transform((digits) => BigInt(digits))
  .meta({ type: 'integer', minimum: 1 });

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256, lower-case hex');
const hashes = z.array(hash);

export const checkpointsQuery = z.strictObject({ limit, cursor: cursor.optional() });

export const proofQuery = z.strictObject({
  treeSize: treeSize
    .optional()
    .describe('Size of the checkpoint that the proof leads to; the latest when absent'),
});

export const consistencyQuery = z.strictObject({
  from: treeSize.describe('Size of the earlier checkpoint'),
  to: treeSize.optional().describe('Size of the later checkpoint; the latest when absent'),
});

export const verifySealsBody = named(
  'VerifySealsRequest',
  z.strictObject({
    cursor: cursor.optional(),
    note: z
      .string()
      .min(1)
      .max(NOTE_LENGTH_MAX)
      .optional()
      .describe('A checkpoint that you kept: the ledger must still agree with it. With the first call'),
  }),
  {},
);

const signedCheckpoint = z.object({
  treeSize: z.int().describe('Seals under it'),
  sealedAt: instantText,
  rootHash: hash,
  note: z.string().describe('The signed note, as it is published'),
});

export const checkpointReply = named(
  'Checkpoint',
  signedCheckpoint.extend({
    entries: minorOrText.describe('All entries under it'),
    facts: minorOrText.describe('All facts under it'),
  }),
);

export const checkpointsReply = named(
  'Checkpoints',
  z.object({ checkpoints: z.array(checkpointReply).describe('Newest first'), nextCursor }),
);

const inclusionPath = named(
  'InclusionPath',
  z.object({ leafIndex: z.int(), treeSize: z.int(), hashes: hashes.describe('From the leaf upwards') }),
);

/** From an entry's checksum to a checkpoint's root, in three trees. */
export const proofReply = named(
  'InclusionProof',
  z.object({
    entryLeaf: z.string().describe('Exactly this text is under the leaf of the entry'),
    inBucket: inclusionPath,
    bucketLeaf: z.string().describe('Exactly this text is under the leaf of the tree of buckets'),
    inSeal: inclusionPath,
    sealLeaf: z.string().describe('Exactly this text is under the leaf of the log'),
    inLog: inclusionPath,
    checkpoint: signedCheckpoint,
  }),
);

export const entryProofReply = named(
  'EntryProof',
  z.object({ format: z.literal(ENTRY_PROOF_FORMAT), entry: ledgerEntry, proof: proofReply }),
);

export const consistencyReply = named(
  'ConsistencyProof',
  z.object({
    format: z.literal(CONSISTENCY_FORMAT),
    from: signedCheckpoint,
    to: signedCheckpoint,
    hashes,
  }),
);

export const signingKeysReply = named(
  'SigningKeys',
  z.object({
    keys: z.array(
      z.object({
        name: z.string(),
        verifierKey: z.string().describe('In the form of signed notes'),
        publicKeyPem: z.string(),
        firstTreeSize: z.int(),
        lastTreeSize: z.int().describe('Of the last checkpoint that was signed with it'),
        active: z.boolean(),
      }),
    ),
  }),
);

const sealFault = z.object({
  seal: z.int(),
  bucket: z.int().optional(),
  factSequence: minorOrText.optional().describe('The first fact that differs'),
  accountId: z.string().optional(),
  sequence: minorOrText.optional().describe("The entry's, in the chain of its account"),
  entryId: z.string().optional(),
  reason: z.string(),
});

export const verifySealsReply = named(
  'SealsVerification',
  z.object({
    valid: z.boolean().describe('Of the seals that this call checked'),
    sealsChecked: minorOrText,
    entriesChecked: minorOrText,
    faults: z.array(sealFault),
    nextCursor: nextCursor.describe('Opaque; null when every seal was checked'),
  }),
);
