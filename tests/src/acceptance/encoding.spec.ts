import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  checksumOf,
  checksumText,
  GENESIS,
  type ChainedEntryFields,
  type JsonObject,
  type JsonValue,
} from '@steelyard/domain/ledger-chain';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import {
  metadataObjects,
  nastyText,
  nearMissesOf,
  recordFields,
  sameRecord,
} from '../support/nasty-records.js';
import { requireProgram } from '../support/require-program.js';

const RUNS = 2_000;
const PYTHON_TIMEOUT_MS = 240_000;
const VERIFIER = fileURLToPath(new URL('../../../tools/verify-chain/verify_chain.py', import.meta.url));
const DOCUMENT = new URL('../../../docs/reference/chain.md', import.meta.url);
const CODE_BLOCK = /```(?:json|text)\n([\s\S]*?)```/g;
const VECTORS = new URL('../../../libs/domain/src/ledger-chain/golden-vectors.json', import.meta.url);

describe('two records with one checksum text', () => {
  it('do not exist: the text can be read back to the record', () => {
    fc.assert(
      fc.property(recordFields, metadataObjects, (fields, metadata) => {
        const record = { ...fields, metadataJson: canonicalJson(metadata) };
        const read = JSON.parse(checksumText(record)) as Record<string, unknown>;
        const { metadataJson, ...others } = record;
        const members = { ...others, metadataJson: canonicalJson(read['metadata'] as JsonObject) };
        expect(Object.keys(read)).toHaveLength(10);
        for (const [name, value] of Object.entries(members)) {
          if (name === 'metadataJson') expect(value).toBe(metadataJson);
          else expect(String(read[name])).toBe(String(value));
        }
        expect(JSON.parse(metadataJson)).toEqual(read['metadata']);
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it('do not exist among near misses', () => {
    fc.assert(
      fc.property(recordFields, metadataObjects, nastyText, (fields, metadata, text) => {
        const record = { fields, metadata };
        for (const other of nearMissesOf(record, text)) {
          const texts = [record, other].map((one) =>
            checksumText({ ...one.fields, metadataJson: canonicalJson(one.metadata) }),
          );
          expect(texts[0] === texts[1]).toBe(sameRecord(record, other));
        }
      }),
      propertyParameters({ numRuns: RUNS }),
    );
  });

  it.each([
    ['null and nothing', '{"a":null}', '{}'],
    ['null and its name', '{"a":null}', '{"a":"null"}'],
    ['a number and its text', '{"a":1}', '{"a":"1"}'],
    ['true and its text', '{"a":true}', '{"a":"true"}'],
    ['nested and dotted', '{"a":{"b":1}}', '{"a.b":1}'],
    ['an array and an object', '{"a":["x"]}', '{"a":{"0":"x"}}'],
    ['one member and two', '{"a":"1\\",\\"b\\":\\"2"}', '{"a":"1","b":"2"}'],
    ['one item and two', '{"a":["1,2"]}', '{"a":["1","2"]}'],
    ['empty containers', '{"a":{}}', '{"a":[]}'],
    ['composed and decomposed', '{"a":"\u00e9"}', '{"a":"e\u0301"}'],
    ['composed and decomposed names', '{"\u00e9":1}', '{"e\u0301":1}'],
    ['full-width digits', '{"a":"１"}', '{"a":"1"}'],
    ['a lone surrogate and its escape', '{"a":"\\ud800"}', '{"a":"\\\\ud800"}'],
    ['two lone surrogates', '{"a":"\\ud800"}', '{"a":"\\ud801"}'],
    ['a lone surrogate and U+FFFD', '{"a":"\\ud800"}', '{"a":"\ufffd"}'],
    ['a pair and its halves apart', '{"a":"\\ud83d\\ude00"}', '{"a":"\\ude00\\ud83d"}'],
    ['__proto__ and its members', '{"__proto__":{"a":1}}', '{"a":1}'],
    ['__proto__ and nothing', '{"__proto__":null}', '{}'],
    ['neighbours in the last digit', '{"a":0.1}', '{"a":0.10000000000000002}'],
    ['a zero byte and nothing', '{"a":"\\u0000"}', '{"a":""}'],
    ['order of an array', '{"a":[1,2]}', '{"a":[2,1]}'],
    ['depth', '{"a":[[]]}', '{"a":[]}'],
  ])('are not made by %s', (_, left, right) => {
    expect(canonicalOf(left)).not.toBe(canonicalOf(right));
  });

  it.each([
    ['key order', '{"a":1,"b":{"c":1,"d":2}}', '{"b":{"d":2,"c":1},"a":1}'],
    ['1, 1.0 and 1e0', '[1,1,1]', '[1,1.0,1e0]'],
    ['0 and -0', '{"a":0}', '{"a":-0}'],
    ['escapes that need not be', '{"a":"é/"}', '{"\\u0061":"\\u00e9\\/"}'],
    ['white space', '{"a":[1]}', ' { "a" : [ 1 ] } '],
  ])('but one value has one text, whatever its %s', (_, left, right) => {
    expect(canonicalOf(left)).toBe(canonicalOf(right));
  });

  it('are not made by numbers that JSON cannot hold: they have no text', () => {
    expect(() => canonicalOf('{"a":1e400}')).toThrow('no canonical text');
    expect(() => canonicalOf('{"a":[-1e400]}')).toThrow('no canonical text');
  });
});

describe('the example of the documentation', () => {
  const [api = '', text = '', checksum = ''] = [...readFileSync(DOCUMENT, 'utf8').matchAll(CODE_BLOCK)].map(
    ([, block = '']) => block.trim(),
  );

  it('has the text and the checksum that the platform computes', () => {
    const { metadata, ...members } = JSON.parse(api) as ChainedEntryFields & { metadata: JsonObject };
    const record = { ...members, metadataJson: canonicalJson(metadata) };
    expect(checksumText(record)).toBe(text);
    expect(checksumOf(record)).toBe(checksum);
  });

  it("is JSON.stringify of the API's entry without its checksum", () => {
    const { checksum: given, ...covered } = JSON.parse(api) as Record<string, unknown>;
    expect(JSON.stringify(covered)).toBe(text);
    expect(given).toBe(checksum);
  });
});

requireProgram('python3')('the independent verifier', () => {
  it('agrees with every golden vector', () => {
    expect(verify(readFileSync(VECTORS, 'utf8'), ['--vectors'])).toEqual([0, 'valid: 41 vectors']);
  });

  it('accepts what the platform writes, whatever is in the metadata', () => {
    const chains = fc.array(fc.tuple(recordFields, metadataObjects), { minLength: 300, maxLength: 300 });
    fc.assert(
      fc.property(chains, (records) => {
        const [code, report] = verify(pageOf(chainOf(records)));
        expect(report).toMatch(/^valid: 300 entries/);
        expect(code).toBe(0);
      }),
      propertyParameters({ numRuns: 5 }),
    );
  });

  const chain = goldenChain();

  it('accepts pages, lines and an array, and names the last checksum', () => {
    const last = chain.at(-1)?.['checksum'] as string;
    const valid = [0, `valid: 41 entries, last checksum ${last}`];
    const newestFirst = [...chain].reverse();
    const pages = [newestFirst.slice(0, 10), newestFirst.slice(10)].map((entries) =>
      JSON.stringify({ entries }),
    );
    expect(verify(pages.join('\n'))).toEqual(valid);
    expect(verify(pageOf(chain), ['--last', last])).toEqual(valid);
    expect(verify(chain.map((entry) => JSON.stringify(entry)).join('\n'))).toEqual(valid);
    expect(verify(JSON.stringify(chain))).toEqual(valid);
  });

  it.each<[string, JsonValue]>([
    ['entryId', '019ab2c3-d4e5-702a-8000-0000000000ff'],
    ['transactionId', '019ab2c3-d4e5-702a-8000-0000000000ff'],
    ['accountId', 'mallory'],
    ['type', 'BET'],
    ['amount', 2],
    ['balanceBefore', 2],
    ['balanceAfter', 2],
    ['metadata', { forged: true }],
    ['timestamp', '2026-11-21T00:00:00.000Z'],
    ['previousChecksum', 'f'.repeat(64)],
    ['checksum', 'f'.repeat(64)],
  ])('finds a change of %s at its entry', (member, value) => {
    const forged = chain.map((entry, i) => (i === 19 ? { ...entry, [member]: value } : entry));
    const [code, report] = verify(pageOf(forged));
    expect(code).toBe(1);
    expect(report).toMatch(/^invalid at entry 20 /);
  });

  it.each<[string, JsonObject[], string]>([
    ['a deleted entry', chain.filter((_, i) => i !== 19), 'invalid at entry 20 '],
    ['a missing beginning', chain.slice(1), 'invalid at entry 1 '],
    ['an entry that is there twice', [...chain.slice(0, 20), ...chain.slice(19)], 'invalid at entry 21 '],
    ['swapped entries', swapped(chain, 19, 20), 'invalid at entry 20 '],
  ])('finds %s', (_, forged, report) => {
    expect(verify(pageOf(forged))).toEqual([1, expect.stringContaining(report)]);
  });

  it('finds a tail that was cut off by the last checksum', () => {
    const last = chain.at(-1)?.['checksum'] as string;
    expect(verify(pageOf(chain.slice(0, -1)), ['--last', last])).toEqual([
      1,
      expect.stringContaining('end is missing'),
    ]);
    const page = JSON.stringify({ entries: chain.slice(0, -1).reverse(), latestChecksum: last });
    expect(verify(page)).toEqual([1, expect.stringContaining('end is missing')]);
  });

  it('says so when the input is no ledger', () => {
    expect(verify('no json')).toEqual([2, expect.stringMatching(/^unreadable: /)]);
    expect(verify('{"entries":[{"a":1,"a":2}]}')).toEqual([2, expect.stringContaining('same member twice')]);
  });
});

function canonicalOf(text: string): string {
  return canonicalJson(JSON.parse(text) as JsonValue);
}

/** Exit code and report of the verifier. */
function verify(input: string, options: readonly string[] = []): [number | null, string] {
  const { status, stdout, stderr } = spawnSync('python3', [VERIFIER, ...options], {
    input,
    encoding: 'utf8',
    timeout: PYTHON_TIMEOUT_MS,
  });
  if (stderr !== '') throw new Error(stderr);
  return [status, stdout.trim()];
}

/** One page as the API gives it: newest first. */
function pageOf(oldestFirst: readonly JsonObject[]): string {
  return JSON.stringify({ entries: [...oldestFirst].reverse(), total: oldestFirst.length });
}

function goldenChain(): JsonObject[] {
  const { vectors } = JSON.parse(readFileSync(VECTORS, 'utf8')) as { vectors: { entry: JsonObject }[] };
  return vectors.map(({ entry }) => entry);
}

/** A chain of one account from random records, linked as the platform links them, as API JSON. */
function chainOf(records: readonly (readonly [ChainedEntryFields, JsonObject])[]): JsonObject[] {
  let previousChecksum: string = GENESIS;
  let balanceBefore = 0n;
  return records.map(([fields, metadata]) => {
    // Back and forth, so that the balance stays within its range.
    const amount = balanceBefore === 0n ? fields.amount : -balanceBefore;
    const balanceAfter = balanceBefore + amount;
    const metadataJson = canonicalJson(metadata);
    const linked = {
      accountId: 'alice',
      amount,
      balanceBefore,
      balanceAfter,
      metadataJson,
      previousChecksum,
    };
    const { entryId, transactionId, type, timestamp } = fields;
    const checksum = checksumOf({ entryId, transactionId, type, timestamp, ...linked });
    const entry = {
      entryId,
      transactionId,
      accountId: 'alice',
      type,
      amount: Number(amount),
      balanceBefore: Number(balanceBefore),
      balanceAfter: Number(balanceAfter),
      metadata: JSON.parse(metadataJson) as JsonObject,
      timestamp,
      previousChecksum,
      checksum,
    };
    previousChecksum = checksum;
    balanceBefore = balanceAfter;
    return entry;
  });
}

function swapped(chain: readonly JsonObject[], left: number, right: number): JsonObject[] {
  return chain.map(
    (entry, i) => (i === left ? chain[right] : i === right ? chain[left] : undefined) ?? entry,
  );
}
