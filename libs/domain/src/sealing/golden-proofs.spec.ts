import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '../result/index.js';
import { leafHash, toHex } from '../merkle/index.js';
import { readDocument, verifyDocument, type ProofDocument } from './index.js';

type Json = Record<string, unknown>;
interface Vectors {
  readonly leaves: readonly { readonly name: string; readonly text: string; readonly hash: string }[];
  readonly documents: readonly { readonly name: string; readonly valid: boolean; readonly document: Json }[];
}

const file = readFileSync(new URL('golden-proofs.json', import.meta.url), 'utf8');
const { leaves, documents } = JSON.parse(file) as Vectors;
const valid = documents.filter((vector) => vector.valid);

function read(document: unknown): ProofDocument {
  const found = readDocument(document);
  if (isRefusal(found)) throw new Error(found.message);
  return found;
}

function documentNamed(name: string): Json {
  const found = documents.find((vector) => vector.name === name);
  if (found === undefined) throw new Error(`there is no document ${name}`);
  return structuredClone(found.document);
}

/** The document with a value put where the path says. */
function withValue(document: Json, path: string, value: unknown): Json {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const holder = steps.reduce((inner, step) => inner[step] as Json, document);
  holder[last] = value;
  return document;
}

describe('the golden proofs', () => {
  it.each(leaves.map((leaf) => [leaf.name, leaf] as const))('leaf: %s', (_, { text, hash }) => {
    expect(toHex(leafHash(text))).toBe(hash);
  });

  it.each(valid.map((vector) => [vector.name, vector] as const))('document: %s', (_, { document }) => {
    expect(verifyDocument(read(document))).toBeUndefined();
  });
});

describe('a statement', () => {
  const ENTRY = 'entries.3';
  it.each<[string, unknown, string]>([
    [`${ENTRY}.amount`, 1, 'entry 4 (PLACE): balanceAfter is not balanceBefore plus amount'],
    [`${ENTRY}.type`, 'BONUS', 'entry 4 (PLACE): the checksum does not match the entry'],
    [`${ENTRY}.accountId`, 'mallory', 'entry 4 (PLACE): the checksum does not match the entry'],
    [`${ENTRY}.balanceBefore`, 1, 'entry 4 (PLACE): balanceBefore is not the balance before it'],
    [
      `${ENTRY}.previousChecksum`,
      'f'.repeat(64),
      'entry 4 (PLACE): previousChecksum is not the checksum before it',
    ],
    [
      `${ENTRY}.timestamp`,
      '2026-11-21',
      'entry 4 (PLACE): the timestamp of the entry is not ISO 8601 in UTC with milliseconds',
    ],
    ['accountId', 'mallory', 'entry 1 (PLACE): it is of another account than the statement'],
    ['from', '2026-11-21T13:00:00.000Z', 'entry 1 (PLACE): it is not of the period of the statement'],
    ['to', '2026-11-21T12:00:00.000Z', 'entry 1 (PLACE): it is not of the period of the statement'],
    ['to', '2026-11-20T00:00:00.000Z', 'the period ends before it begins'],
    ['to', 'tomorrow', 'from and to are not ISO 8601 in UTC with milliseconds'],
    ['opening.balance', 1, 'the opening has a balance that no entry made'],
    [
      'opening.checksum',
      'f'.repeat(64),
      'the opening has checksum GENESIS if and only if no entry is before it',
    ],
    ['closing.balance', 1, 'the closing has another balance than the last entry'],
    ['closing.sequence', 5, 'the closing is after entry 5, not 12'],
    ['closing.checksum', 'f'.repeat(64), 'the closing has another checksum than the last entry'],
    ['closing.checksum', 'F'.repeat(64), 'the closing is not of the documented form'],
    ['provenEntryId', null, 'provenEntryId and proof are not given together'],
    ['provenEntryId', 'no entry', 'the proven entry is not one of the statement'],
    ['currency', 'EUR', 'the proven entry is in another currency'],
    ['proof.entryLeaf', '{}', 'the text of the entry leaf is not of the documented form'],
    ['proof.bucketLeaf', '{}', 'the text of the bucket leaf is not of the documented form'],
  ])('with another %s (%j) has the fault: %s', (path, value, fault) => {
    const document = withValue(documentNamed('a statement of everything'), path, value);
    expect(verifyDocument(read(document))?.replace(/\([0-9a-f-]{36}\)/, '(PLACE)')).toBe(fault);
  });
});

describe('an entry proof', () => {
  const NAME = 'the part of a transfer in another bucket';

  it.each<[string, unknown, string]>([
    ['entry.checksum', 'f'.repeat(64), 'the checksum does not match the entry'],
    ['entry.amount', 0, 'an amount of the entry is not one that can be posted'],
    [
      'entry.accountId',
      'bob","type":"A',
      'an id, a type or a checksum of the entry holds a character it may not hold',
    ],
    [
      'proof.inBucket.leafIndex',
      0,
      "the path in the bucket's tree does not lead from the entry leaf to the root in the bucket leaf",
    ],
    [
      'proof.inBucket.hashes',
      ['no hash'],
      "the path in the bucket's tree does not lead from the entry leaf to the root in the bucket leaf",
    ],
    [
      'proof.inSeal.hashes',
      [],
      "the path in the seal's tree does not lead from the bucket leaf to the root in the seal leaf",
    ],
    [
      'proof.entryLeaf',
      `{"entry":"${'f'.repeat(64)}","sequence":1,"currency":"CZK"}`,
      'the entry leaf is that of another entry',
    ],
    ['proof.inSeal.treeSize', 4, "the size of the seal's tree is not the number of buckets in the seal leaf"],
    ['proof.sealLeaf', 'seal', 'the text of the seal leaf is not of the documented form'],
    [
      'proof.inLog.leafIndex',
      1,
      "the path in the log does not lead from the seal leaf to the checkpoint's root",
    ],
    [
      'proof.checkpoint.rootHash',
      'f'.repeat(64),
      "the path in the log does not lead from the seal leaf to the checkpoint's root",
    ],
    ['proof.checkpoint.treeSize', 6, "the size of the log is not the checkpoint's treeSize"],
    [
      'proof.checkpoint.sealedAt',
      '2026-11-21T17:00:00.001Z',
      "the checkpoint's sealedAt is not the one in its note",
    ],
    [
      'proof.checkpoint.sealedAt',
      '2026-11-21T12:00:00.000Z',
      'the seal is later than the checkpoint over it',
    ],
    ['proof.checkpoint.note', 'none', 'the note of the checkpoint has no text of the documented form'],
  ])('with another %s (%j) has the fault: %s', (path, value, fault) => {
    expect(verifyDocument(read(withValue(documentNamed(NAME), path, value)))).toBe(fault);
  });

  it.each<[string, unknown, string]>([
    ['format', 'steelyard.entry-proof.2', 'the document has no format that is known'],
    ['more', 1, 'the document has a member more that is not known'],
    ['entry.more', 1, 'entry has a member more that is not known'],
    ['entry', [], 'entry is not an object'],
    ['entry.amount', '5', 'entry.amount is not an integer of minor units'],
    ['entry.amount', 2 ** 53, 'entry.amount is not an integer of minor units'],
    ['entry.metadata', [], 'entry.metadata is not an object'],
    ['entry.metadata', { a: [Infinity] }, 'entry.metadata holds a number that no double can hold'],
    ['proof.inLog.leafIndex', -1, 'proof.inLog.leafIndex is not a whole number'],
    ['proof.inLog.hashes', {}, 'proof.inLog.hashes is not a list'],
    ['proof.inLog.hashes', [1], 'proof.inLog.hashes[0] is not a string'],
    ['proof.checkpoint', null, 'proof.checkpoint is not an object'],
  ])('is not read with %s = %j', (path, value, message) => {
    const refusal = readDocument(withValue(documentNamed(NAME), path, value));
    expect(refusal).toMatchObject({ code: 'INVALID_REQUEST', message });
  });

  it('is not read without one of its members', () => {
    const document = documentNamed(NAME);
    delete (document['entry'] as Json)['type'];
    expect(readDocument(document)).toMatchObject({ message: 'entry has no member type' });
    expect(readDocument(null)).toMatchObject({ message: 'the document has no format that is known' });
  });
});

describe('a consistency proof', () => {
  const NAME = 'checkpoint 3 to 7';

  it.each<[string, unknown, string]>([
    ['hashes', [], 'the log of 7 seals does not continue the log of 3 seals'],
    ['hashes', ['no hash'], 'a hash is not 64 lower-case hex digits'],
    ['from.treeSize', 4, "the checkpoint's treeSize is not the one in its note"],
    ['to.rootHash', 'f'.repeat(64), "the checkpoint's rootHash is not the one in its note"],
  ])('with another %s (%j) has the fault: %s', (path, value, fault) => {
    expect(verifyDocument(read(withValue(documentNamed(NAME), path, value)))).toBe(fault);
  });

  it('is not one between two logs', () => {
    const document = documentNamed(NAME);
    const { note } = document['from'] as { note: string };
    const other = withValue(document, 'from.note', note.replace('ledger.example', 'other.example'));
    expect(verifyDocument(read(other))).toBe('the two checkpoints are of different logs');
  });
});
