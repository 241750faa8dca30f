import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseVerifierKey } from '@steelyard/platform/signing';
import { createProgram } from '../src/program.js';

type Json = Record<string, unknown>;
interface Golden {
  readonly keys: { readonly old: string; readonly new: string; readonly stranger: string };
  readonly documents: readonly {
    readonly name: string;
    readonly keys: readonly string[];
    readonly document: Json;
  }[];
}

const VECTORS = new URL('../../../libs/domain/src/sealing/golden-proofs.json', import.meta.url);
const { keys, documents } = JSON.parse(readFileSync(VECTORS, 'utf8')) as Golden;
const UNDER_7 = `under checkpoint 7 of ledger.example/golden, sealed at 2026-11-21T19:00:00.000Z, signed by ledger.example/golden+a854e392\n`;

describe('verify-offline', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steelyard-offline-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function run(...args: readonly string[]): Promise<{ code: number; output: string }> {
    const output = new PassThrough();
    let code = -1;
    const program = createProgram({
      environment: {},
      input: Readable.from([]),
      output,
      errors: new PassThrough(),
      setExitCode: (value) => (code = value),
    });
    await program.parseAsync(['verify-offline', ...args], { from: 'user' });
    return { code, output: String((output.read() as Buffer | null) ?? '') };
  }

  async function fileOf(name: string, content: Json | string): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
    return path;
  }

  const documentNamed = (name: string): Json => {
    const found = documents.find((vector) => vector.name === name);
    if (found === undefined) throw new Error(`there is no document ${name}`);
    return structuredClone(found.document);
  };
  const statement = (): Json => documentNamed('a statement of everything');
  const consistency = (from: number, to: number): Json => documentNamed(`checkpoint ${from} to ${to}`);
  const noteOf = (checkpoint: unknown): string => (checkpoint as { note: string }).note;

  it('says what a statement proves', async () => {
    const file = await fileOf('statement.json', statement());
    expect(await run(file, '--key', keys.new)).toEqual({
      code: 0,
      output: `valid: statement of account alice, 12 entries, 12 of them proved\n${UNDER_7}`,
    });
  });

  it('says so when nothing of a statement is proved', async () => {
    const file = await fileOf('statement.json', documentNamed('a statement without a proof'));
    expect(await run(file, '--key', keys.new)).toEqual({
      code: 0,
      output: 'valid: statement of account bob, 1 entries, none of them proved\n',
    });
  });

  it('says what an entry proof proves', async () => {
    const file = await fileOf('entry.json', documentNamed('the same entry under the last checkpoint'));
    const { code, output } = await run(file, '--key', keys.new);
    expect(code).toBe(0);
    expect(output).toMatch(
      /^valid: entry [0-9a-f-]{36} of account alice and all before it\nunder checkpoint 7 of /,
    );
  });

  it('takes a public key in PEM, and several keys', async () => {
    const file = await fileOf('statement.json', statement());
    const pem = await fileOf('key.pem', parseVerifierKey(keys.new).pem);
    expect((await run(file, '--key', pem)).code).toBe(0);
    expect((await run(file, '--key', keys.old, '--key', keys.new)).code).toBe(0);
  });

  it('names the first fault', async () => {
    const document = statement();
    const [first] = document['entries'] as Json[];
    if (first === undefined) throw new Error('the statement has entries');
    first['amount'] = 100_001;
    const file = await fileOf('statement.json', document);
    const { code, output } = await run(file, '--key', keys.new);
    expect(code).toBe(1);
    expect(output).toMatch(/^invalid: entry 1 \(.*\): balanceAfter is not balanceBefore plus amount\n$/);
  });

  it.each([
    ['another key', keys.stranger, 'no known key has signed the note'],
    ['the key that was retired', keys.old, 'no known key has signed the note'],
  ])('is not convinced with %s', async (_, key, fault) => {
    const file = await fileOf('statement.json', statement());
    expect(await run(file, '--key', key)).toEqual({ code: 1, output: `invalid: ${fault}\n` });
  });

  it('is not convinced by another key in PEM', async () => {
    const file = await fileOf('statement.json', statement());
    const pem = await fileOf('key.pem', parseVerifierKey(keys.stranger).pem);
    expect((await run(file, '--key', pem)).code).toBe(1);
  });

  it('refuses a member that is there twice, and what it does not know', async () => {
    const text = JSON.stringify(statement());
    const twice = await fileOf('twice.json', text.replace('"currency"', '"accountId":"bob","currency"'));
    const repeated = { code: 1, output: 'invalid: an object has the member accountId twice\n' };
    expect(await run(twice, '--key', keys.new)).toEqual(repeated);
    const more = await fileOf('more.json', { ...statement(), total: 1 });
    const unknown = { code: 1, output: 'invalid: the document has a member total that is not known\n' };
    expect(await run(more, '--key', keys.new)).toEqual(unknown);
  });

  it('answers in plain lines whatever the ids are', async () => {
    const empty = documentNamed('a statement of a period without entries');
    const file = await fileOf('statement.json', { ...empty, accountId: 'bob\nvalid: \u001b[31mmore' });
    const { output } = await run(file, '--key', keys.new);
    expect(output).toBe(
      'valid: statement of account bob\\u000avalid: \\u001b[31mmore, 0 entries, none of them proved\n',
    );
  });

  describe('with a checkpoint that was kept', () => {
    let file: string;
    let both: readonly string[];

    beforeEach(async () => {
      file = await fileOf('statement.json', statement());
      both = ['--key', keys.old, '--key', keys.new];
    });

    it('shows that the ledger continues it', async () => {
      const proof = consistency(3, 7);
      const kept = await fileOf('kept.note', noteOf(proof['from']));
      const path = await fileOf('consistency.json', proof);
      expect(await run(file, ...both, '--checkpoint', kept, '--consistency', path)).toEqual({
        code: 0,
        output: `valid: statement of account alice, 12 entries, 12 of them proved\n${UNDER_7}consistent with the checkpoint that was kept\n`,
      });
    });

    it('takes one that is later than that of the document', async () => {
      const early = await fileOf(
        'entry.json',
        documentNamed('an entry of the first seal under the first checkpoint'),
      );
      const proof = consistency(1, 7);
      const kept = await fileOf('kept.note', noteOf(proof['to']));
      const path = await fileOf('consistency.json', proof);
      expect((await run(early, ...both, '--checkpoint', kept, '--consistency', path)).code).toBe(0);
    });

    it('needs no proof when both have the same size', async () => {
      const kept = await fileOf('kept.note', noteOf(consistency(6, 7)['to']));
      expect((await run(file, ...both, '--checkpoint', kept)).code).toBe(0);
    });

    it('finds a log that was rewritten', async () => {
      // Both notes are signed by a known key; the second log began with another deposit.
      const { from, to, hashes } = documentNamed('a checkpoint of a rewritten log');
      const entry = await fileOf(
        'entry.json',
        documentNamed('an entry of the first seal under the first checkpoint'),
      );
      const kept = await fileOf('kept.note', noteOf(to));
      const path = await fileOf('consistency.json', {
        format: 'steelyard.consistency.1',
        from,
        to,
        hashes: hashes ?? [],
      });
      expect(await run(entry, ...both, '--checkpoint', kept, '--consistency', path)).toEqual({
        code: 1,
        output: 'invalid: the consistency proof: the log of 2 seals does not continue the log of 1 seals\n',
      });
    });

    it.each<[string, () => Promise<string[]>, string]>([
      [
        'no proof',
        async () => ['--checkpoint', await fileOf('kept.note', noteOf(consistency(3, 7)['from']))],
        'the kept checkpoint has another size: a consistency proof is needed',
      ],
      [
        'a proof between others',
        async () => [
          ...['--checkpoint', await fileOf('kept.note', noteOf(consistency(3, 7)['from']))],
          ...['--consistency', await fileOf('consistency.json', consistency(4, 7))],
        ],
        'the consistency proof is not between the kept checkpoint and the one of the document',
      ],
      [
        'another document as the proof',
        async () => [
          ...['--checkpoint', await fileOf('kept.note', noteOf(consistency(3, 7)['from']))],
          ...['--consistency', file],
        ],
        'the file of --consistency holds no consistency proof',
      ],
      [
        'a note that was changed',
        async () => {
          const note = noteOf(consistency(3, 7)['from']).replace('\n3\n', '\n4\n');
          return ['--checkpoint', await fileOf('kept.note', note)];
        },
        'the kept checkpoint: the signature of ledger.example/golden+90ca74f6 does not match the note',
      ],
    ])('is not convinced by %s', async (_, args, fault) => {
      expect(await run(file, ...both, ...(await args()))).toEqual({ code: 1, output: `invalid: ${fault}\n` });
    });
  });

  it.each<[string, (file: string) => readonly string[], string]>([
    ['a file that is not there', () => ['none.json', '--key', keys.new], 'none.json cannot be read'],
    ['a key that is none', (file) => [file, '--key', 'a+b+c'], 'a verifier key is name+hash+base64'],
    ['a key file that is none', (file) => [file, '--key', file], 'no public key in PEM'],
    ['a proof without a checkpoint', (file) => [file, '--key', keys.new, '--consistency', file], 'goes with'],
    ['no key', (file) => [file], '--key'],
  ])('was called wrongly with %s', async (_, args, message) => {
    const file = await fileOf('statement.json', statement());
    await expect(run(...args(file))).rejects.toThrow(message);
  });

  it('was called wrongly with a file that is no JSON', async () => {
    const file = await fileOf('statement.json', 'no json');
    await expect(run(file, '--key', keys.new)).rejects.toMatchObject({ exitCode: 2 });
  });
});
