import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@steelyard/domain/ledger-chain';
import { isRefusal } from '@steelyard/domain/result';
import { readDocument } from '@steelyard/domain/sealing';
import { openCheckpoint, parseVerifierKey, verifySignedDocument } from '@steelyard/platform/signing';
import { corruptionsOf } from '../support/proofs/corruptions.js';
import {
  goldenLedger,
  goldenProofs,
  validDocuments,
  type DocumentVector,
} from '../support/proofs/golden-proofs.js';
import { requireProgram } from '../support/require-program.js';

interface NoteVector {
  readonly name: string;
  readonly valid: boolean;
  readonly keys: readonly string[];
  readonly note: string;
}

const PYTHON_TIMEOUT_MS = 240_000;
const VERIFIER = fileURLToPath(new URL('../../../tools/verify-proof/verify_proof.py', import.meta.url));
const VECTORS = new URL('../../../libs/domain/src/sealing/golden-proofs.json', import.meta.url);

// How the committed vectors are written; prettier formats them. They are only ever added to.
if (process.env['WRITE_GOLDEN_PROOFS'] === 'true') {
  writeFileSync(VECTORS, `${JSON.stringify(goldenProofs(), null, 2)}\n`);
}

const golden = JSON.parse(readFileSync(VECTORS, 'utf8')) as {
  documents: DocumentVector[];
  notes: NoteVector[];
};
const documents = validDocuments(goldenLedger());
const corrupted = documents.flatMap(({ name, keys, document }) =>
  corruptionsOf(document).map((corruption) => ({
    name: `${name}: ${corruption.path}`,
    valid: false,
    keys,
    document: corruption.document,
  })),
);

describe('the golden proofs', () => {
  it('are what the platform writes today', () => {
    expect(goldenProofs()).toEqual(JSON.parse(readFileSync(VECTORS, 'utf8')));
  });

  it.each(golden.documents.map((vector) => [vector.name, vector] as const))('document: %s', (_, vector) => {
    expect(isAccepted(vector)).toBe(vector.valid);
  });

  it.each(golden.notes.map((vector) => [vector.name, vector] as const))(
    'note: %s',
    (_, { note, keys, valid }) => {
      expect('fault' in openCheckpoint(note, keys.map(parseVerifierKey))).toBe(!valid);
    },
  );
});

describe('a document with one member changed', () => {
  it('is never accepted', () => {
    expect(corrupted.length).toBeGreaterThan(1_000);
    expect(corrupted.filter(isAccepted).map(({ name }) => name)).toEqual([]);
  });
});

requireProgram('python3')('the independent verifier of proofs', () => {
  it('agrees with every golden vector', () => {
    expect(verify(readFileSync(VECTORS, 'utf8'), ['--vectors'])).toEqual([
      0,
      expect.stringMatching(/^valid: [0-9]+ vectors$/),
    ]);
  });

  it('accepts no document with one member changed', () => {
    const [code, report] = verify(JSON.stringify({ leaves: [], notes: [], documents: corrupted }), [
      '--vectors',
    ]);
    expect(report).toBe(`valid: ${corrupted.length} vectors`);
    expect(code).toBe(0);
  });

  it('would say so if it accepted one', () => {
    const [first] = documents;
    const [code, report] = verify(
      JSON.stringify({ leaves: [], notes: [], documents: [{ ...first, valid: false }] }),
      ['--vectors'],
    );
    expect(report).toMatch(/^vector an entry of the first seal .* must be refused/);
    expect(code).toBe(1);
  });

  it.each(documents.map((vector) => [vector.name, vector] as const))('verifies %s', (_, vector) => {
    const keys = vector.keys.flatMap((key) => ['--key', key]);
    const [code, report] = verify(JSON.stringify(vector.document), keys);
    expect(report).toMatch(/^valid: /);
    expect(code).toBe(0);
  });

  describe('with files', () => {
    const consistency = documentNamed('checkpoint 3 to 7');
    const { from, to } = consistency.document as { from: { note: string }; to: { note: string } };
    let directory: string;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'steelyard-proofs-'));
      const [oldKey = '', newKey = ''] = consistency.keys;
      const files = {
        'statement.json': JSON.stringify(documentNamed('a statement of everything').document),
        'consistency.json': JSON.stringify(consistency.document),
        'other.json': JSON.stringify(documentNamed('checkpoint 4 to 7').document),
        'kept.note': from.note,
        'same.note': to.note,
        'old.pem': parseVerifierKey(oldKey).pem,
        'new.pem': parseVerifierKey(newKey).pem,
      };
      for (const [name, content] of Object.entries(files)) await writeFile(join(directory, name), content);
    });

    afterEach(async () => {
      await rm(directory, { recursive: true });
    });

    it.each([
      [
        0,
        /consistent with the kept one$/,
        ['--checkpoint', 'kept.note', '--consistency', 'consistency.json'],
      ],
      [0, /consistent with the kept one$/, ['--checkpoint', 'same.note']],
      [1, /a consistency proof is needed$/, ['--checkpoint', 'kept.note']],
      [1, /not between the kept checkpoint/, ['--checkpoint', 'kept.note', '--consistency', 'other.json']],
      [2, /^unreadable: /, ['--checkpoint', 'none.note']],
    ])('answers %i, %p to %p', (code, report, options) => {
      const keys = ['--key', 'old.pem', '--key', 'new.pem'];
      expect(verify('', ['statement.json', ...keys, ...options], directory)).toEqual([
        code,
        expect.stringMatching(report),
      ]);
    });
  });

  it('names the first fault', () => {
    const statement = documentNamed('a statement of everything');
    const entries = statement.document['entries'] as readonly JsonObject[];
    const forged = entries.map((entry, i) => (i === 1 ? { ...entry, type: 'BONUS' } : entry));
    const document = JSON.stringify({ ...statement.document, entries: forged });
    const [code, report] = verify(document, ['--key', statement.keys[0] ?? '']);
    expect(report).toMatch(/^invalid: entry 2 \(.*\): the checksum does not match the entry$/);
    expect(code).toBe(1);
  });

  it('says so when the input is no document', () => {
    const key = documents[0]?.keys[0] ?? '';
    expect(verify('no json', ['--key', key])).toEqual([2, expect.stringMatching(/^unreadable: /)]);
    expect(verify('{"format":"a","format":"b"}', ['--key', key])).toEqual([
      2,
      expect.stringContaining('same member twice'),
    ]);
    expect(verify('{}', ['--key', 'no key'])).toEqual([2, expect.stringMatching(/^unreadable: /)]);
  });
});

/** What the platform's own verifier says. */
function isAccepted({ document, keys }: { document: JsonValue; keys: readonly string[] }): boolean {
  const read = readDocument(JSON.parse(JSON.stringify(document)));
  return !isRefusal(read) && !('fault' in verifySignedDocument(read, keys.map(parseVerifierKey)));
}

function documentNamed(name: string): DocumentVector {
  const found = documents.find((vector) => vector.name === name);
  if (found === undefined) throw new Error(`there is no document ${name}`);
  return found;
}

/** Exit code and report of the verifier. */
function verify(input: string, options: readonly string[], cwd = tmpdir()): [number | null, string] {
  const { status, stdout, stderr } = spawnSync('python3', [VERIFIER, ...options], {
    input,
    cwd,
    encoding: 'utf8',
    timeout: PYTHON_TIMEOUT_MS,
  });
  if (stderr !== '') throw new Error(stderr);
  return [status, stdout.trim()];
}
