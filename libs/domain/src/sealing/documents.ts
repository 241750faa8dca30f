import { refuse, type Refusal } from '../result/index.js';
import { verifyCheckpoints, type Consistency } from './consistency.js';
import {
  verifyEntryProof,
  type EntryProof,
  type ProvenEntry,
  type WrittenCheckpoint,
  type WrittenPath,
} from './entry-proof.js';
import { MemberReader } from './member-reader.js';
import { verifyStatement, type Statement, type StatementEnd } from './statement.js';

export const ENTRY_PROOF_FORMAT = 'steelyard.entry-proof.1';
export const STATEMENT_FORMAT = 'steelyard.statement.1';
export const CONSISTENCY_FORMAT = 'steelyard.consistency.1';

/** What the platform hands out to be verified offline. */
export type ProofDocument =
  | { readonly format: typeof ENTRY_PROOF_FORMAT; readonly entry: ProvenEntry; readonly proof: EntryProof }
  | { readonly format: typeof STATEMENT_FORMAT; readonly statement: Statement }
  | { readonly format: typeof CONSISTENCY_FORMAT; readonly consistency: Consistency };

/**
 * Reads a document out of parsed JSON. Refuses with INVALID_REQUEST what has another format, lacks a member, has
 * one of another type or one that is not known. Proves nothing: that is what {@link verifyDocument} does.
 */
export function readDocument(value: unknown): ProofDocument | Refusal {
  const reader = new MemberReader();
  const document = documentOf(reader, value);
  const fault = document === undefined ? 'the document has no format that is known' : reader.fault;
  if (document === undefined || fault !== undefined) return refuse('INVALID_REQUEST', fault ?? '');
  return document;
}

/**
 * What does not agree within a document; undefined when all does. The signatures of its notes are the caller's to
 * verify: without them nothing is proved.
 */
export function verifyDocument(document: ProofDocument): string | undefined {
  switch (document.format) {
    case ENTRY_PROOF_FORMAT:
      return verifyEntryProof(document.entry, document.proof);
    case STATEMENT_FORMAT:
      return verifyStatement(document.statement);
    case CONSISTENCY_FORMAT:
      return verifyCheckpoints(document.consistency);
  }
}

function documentOf(reader: MemberReader, value: unknown): ProofDocument | undefined {
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format === ENTRY_PROOF_FORMAT) {
    const members = reader.object(value, 'the document', ['format', 'entry', 'proof']);
    const entry = readEntry(reader, members['entry'], 'entry');
    return { format, entry, proof: readProof(reader, members['proof']) };
  }
  if (format === STATEMENT_FORMAT) return { format, statement: readStatement(reader, value) };
  if (format === CONSISTENCY_FORMAT) {
    const members = reader.object(value, 'the document', ['format', 'from', 'to', 'hashes']);
    const from = readCheckpoint(reader, members['from'], 'from');
    const to = readCheckpoint(reader, members['to'], 'to');
    return { format, consistency: { from, to, hashes: reader.texts(members['hashes'], 'hashes') } };
  }
  return undefined;
}

const STATEMENT_MEMBERS = [
  ...['format', 'accountId', 'currency', 'from', 'to', 'opening', 'closing', 'entries'],
  ...['provenEntryId', 'proof'],
];

function readStatement(reader: MemberReader, value: unknown): Statement {
  const members = reader.object(value, 'the document', STATEMENT_MEMBERS);
  const entries = reader.list(members['entries'], 'entries');
  const { provenEntryId, proof } = members;
  return {
    accountId: reader.text(members['accountId'], 'accountId'),
    currency: reader.text(members['currency'], 'currency'),
    from: reader.text(members['from'], 'from'),
    to: reader.text(members['to'], 'to'),
    opening: readEnd(reader, members['opening'], 'opening'),
    closing: readEnd(reader, members['closing'], 'closing'),
    entries: entries.map((entry, i) => readEntry(reader, entry, `entries[${i}]`)),
    provenEntryId: provenEntryId === null ? null : reader.text(provenEntryId, 'provenEntryId'),
    proof: proof === null ? null : readProof(reader, proof),
  };
}

function readEnd(reader: MemberReader, value: unknown, path: string): StatementEnd {
  const members = reader.object(value, path, ['balance', 'sequence', 'checksum']);
  return {
    balance: reader.amount(members['balance'], `${path}.balance`),
    sequence: reader.whole(members['sequence'], `${path}.sequence`),
    checksum: reader.text(members['checksum'], `${path}.checksum`),
  };
}

const ENTRY_MEMBERS = [
  ...['entryId', 'transactionId', 'accountId', 'type', 'amount', 'balanceBefore', 'balanceAfter'],
  ...['metadata', 'timestamp', 'previousChecksum', 'checksum'],
];

function readEntry(reader: MemberReader, value: unknown, path: string): ProvenEntry {
  const members = reader.object(value, path, ENTRY_MEMBERS);
  const text = (name: string): string => reader.text(members[name], `${path}.${name}`);
  const amount = (name: string): bigint => reader.amount(members[name], `${path}.${name}`);
  return {
    entryId: text('entryId'),
    transactionId: text('transactionId'),
    accountId: text('accountId'),
    type: text('type'),
    amount: amount('amount'),
    balanceBefore: amount('balanceBefore'),
    balanceAfter: amount('balanceAfter'),
    metadataJson: reader.canonicalObject(members['metadata'], `${path}.metadata`),
    timestamp: text('timestamp'),
    previousChecksum: text('previousChecksum'),
    checksum: text('checksum'),
  };
}

const PROOF_MEMBERS = ['entryLeaf', 'inBucket', 'bucketLeaf', 'inSeal', 'sealLeaf', 'inLog', 'checkpoint'];

function readProof(reader: MemberReader, value: unknown): EntryProof {
  const members = reader.object(value, 'proof', PROOF_MEMBERS);
  return {
    entryLeaf: reader.text(members['entryLeaf'], 'proof.entryLeaf'),
    inBucket: readPath(reader, members['inBucket'], 'proof.inBucket'),
    bucketLeaf: reader.text(members['bucketLeaf'], 'proof.bucketLeaf'),
    inSeal: readPath(reader, members['inSeal'], 'proof.inSeal'),
    sealLeaf: reader.text(members['sealLeaf'], 'proof.sealLeaf'),
    inLog: readPath(reader, members['inLog'], 'proof.inLog'),
    checkpoint: readCheckpoint(reader, members['checkpoint'], 'proof.checkpoint'),
  };
}

function readPath(reader: MemberReader, value: unknown, path: string): WrittenPath {
  const members = reader.object(value, path, ['leafIndex', 'treeSize', 'hashes']);
  return {
    leafIndex: reader.whole(members['leafIndex'], `${path}.leafIndex`),
    treeSize: reader.whole(members['treeSize'], `${path}.treeSize`),
    hashes: reader.texts(members['hashes'], `${path}.hashes`),
  };
}

function readCheckpoint(reader: MemberReader, value: unknown, path: string): WrittenCheckpoint {
  const members = reader.object(value, path, ['treeSize', 'sealedAt', 'rootHash', 'note']);
  return {
    treeSize: reader.whole(members['treeSize'], `${path}.treeSize`),
    sealedAt: reader.text(members['sealedAt'], `${path}.sealedAt`),
    rootHash: reader.text(members['rootHash'], `${path}.rootHash`),
    note: reader.text(members['note'], `${path}.note`),
  };
}
