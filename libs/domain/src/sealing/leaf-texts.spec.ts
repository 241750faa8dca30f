import { describe, expect, it } from '@jest/globals';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import {
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
  type SealLeaf,
} from './leaf-texts.js';

const HASH = '0ab11d21f57ce616a4138453a2ed61a9410a79feb8901dff365f6404f006eac6';
const FACT: FactLeaf = {
  bucket: 3,
  sequence: 17n,
  kind: 'TRANSFER',
  committedAt: '2026-11-21T12:00:00.000Z',
  idempotencyKey: 'a"b\\é\u0001',
  home: null,
  legs: [
    { bucket: 5, sequence: 4n },
    { bucket: 9, sequence: 1n },
  ],
  dataJson: '{"reason":"rent"}',
};
const BUCKET: BucketLeaf = {
  bucket: 3,
  after: 10n,
  through: 12n,
  facts: 2n,
  entries: 4n,
  root: HASH,
  auditSequence: 0n,
  auditChecksum: 'GENESIS',
};
const ENTRY: EntryLeaf = { checksum: HASH, sequence: 17n, currency: 'CZK' };
const SEAL: SealLeaf = {
  seal: 2n,
  sealedAt: '2026-11-21T12:00:00.000Z',
  buckets: 2n,
  facts: 3n,
  entries: 4n,
  previous: HASH,
  root: HASH,
};

describe('the text of a fact leaf', () => {
  it('holds every field in its order', () => {
    expect(factLeafText(FACT)).toBe(
      '{"fact":{"bucket":3,"sequence":17,"kind":"TRANSFER","committedAt":"2026-11-21T12:00:00.000Z"' +
        ',"idempotencyKey":"a\\"b\\\\é\\u0001","home":null,"legs":[{"bucket":5,"sequence":4},{"bucket":9,"sequence":1}]' +
        ',"data":{"reason":"rent"}}}',
    );
  });

  it('holds the home of a part', () => {
    const part = {
      ...FACT,
      idempotencyKey: null,
      home: { bucket: 3, sequence: 17n },
      legs: [],
      dataJson: '{}',
    };
    expect(factLeafText(part)).toContain(
      '"idempotencyKey":null,"home":{"bucket":3,"sequence":17},"legs":[],"data":{}}}',
    );
  });

  it('is another one for every other fact', () => {
    const texts = [
      FACT,
      { ...FACT, bucket: 4 },
      { ...FACT, sequence: 18n },
      { ...FACT, kind: 'DEPOSIT' },
      { ...FACT, committedAt: '2026-11-21T12:00:00.001Z' },
      { ...FACT, idempotencyKey: null },
      { ...FACT, idempotencyKey: 'null' },
      { ...FACT, home: { bucket: 5, sequence: 4n } },
      { ...FACT, legs: [] },
      { ...FACT, legs: [...FACT.legs].reverse() },
      { ...FACT, dataJson: '{}' },
    ].map(factLeafText);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('can be read back whatever the key is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (idempotencyKey) => {
        const { fact } = JSON.parse(factLeafText({ ...FACT, idempotencyKey })) as { fact: FactLeaf };
        expect(fact.idempotencyKey).toBe(idempotencyKey);
        expect(Object.keys(fact)).toHaveLength(8);
      }),
      propertyParameters(),
    );
  });
});

describe('the texts of the other leaves', () => {
  it('are compact JSON in a fixed order', () => {
    expect(entryLeafText(ENTRY)).toBe(`{"entry":"${HASH}","sequence":17,"currency":"CZK"}`);
    expect(bucketLeafText(BUCKET)).toBe(
      `{"bucket":3,"after":10,"through":12,"facts":2,"entries":4,"root":"${HASH}","auditSequence":0,"auditChecksum":"GENESIS"}`,
    );
    expect(sealLeafText(SEAL)).toBe(
      `{"seal":2,"sealedAt":"2026-11-21T12:00:00.000Z","buckets":2,"facts":3,"entries":4,"previous":"${HASH}","root":"${HASH}"}`,
    );
  });

  it('tell their kind by their first member', () => {
    const texts = [factLeafText(FACT), entryLeafText(ENTRY), bucketLeafText(BUCKET), sealLeafText(SEAL)];
    expect(texts.map((text) => Object.keys(JSON.parse(text) as object)[0])).toEqual([
      'fact',
      'entry',
      'bucket',
      'seal',
    ]);
  });

  it('can be read back', () => {
    expect(parseBucketLeaf(bucketLeafText(BUCKET))).toEqual(BUCKET);
    expect(parseSealLeaf(sealLeafText(SEAL))).toEqual(SEAL);
    expect(parseEntryLeaf(entryLeafText(ENTRY))).toEqual(ENTRY);
    const odd = { ...ENTRY, currency: '"\\\u0001é😀\ud800' };
    expect(parseEntryLeaf(entryLeafText(odd))).toEqual(odd);
    const audited = { ...BUCKET, auditSequence: 7n, auditChecksum: HASH };
    expect(parseBucketLeaf(bucketLeafText(audited))).toEqual(audited);
    const first = { ...SEAL, seal: 1n, previous: 'GENESIS' };
    expect(parseSealLeaf(sealLeafText(first))).toEqual(first);
  });

  it.each<[string, Partial<BucketLeaf>]>([
    ['a bucket that is no integer', { bucket: 1.5 }],
    ['a negative bucket', { bucket: -1 }],
    ['no facts', { facts: 0n, after: 12n }],
    ['another number of facts than between its ends', { facts: 3n }],
    ['ends in the other order', { after: 12n, through: 10n }],
    ['a root in capitals', { root: HASH.toUpperCase() }],
    ['a short root', { root: HASH.slice(1) }],
    ['an audit checksum without a record', { auditChecksum: HASH }],
    ['an audit record without a checksum', { auditSequence: 1n }],
  ])('are not read as a bucket with %s', (_, changes) => {
    expect(parseBucketLeaf(bucketLeafText({ ...BUCKET, ...changes }))).toBeUndefined();
  });

  it.each<[string, Partial<EntryLeaf>]>([
    ['no place', { sequence: 0n }],
    ['a place that no number can hold exactly', { sequence: 2n ** 53n }],
    ['a checksum in capitals', { checksum: HASH.toUpperCase() }],
    ['no checksum', { checksum: 'GENESIS' }],
  ])('are not read as an entry with %s', (_, changes) => {
    expect(parseEntryLeaf(entryLeafText({ ...ENTRY, ...changes }))).toBeUndefined();
  });

  it.each<[string, (text: string) => string]>([
    ['white space', (text) => text.replace(',', ', ')],
    ['another order', (text) => text.replace(/("sequence":17),("currency":"CZK")/, '$2,$1')],
    ['a further member', (text) => text.replace('}', ',"more":1}')],
    ['a member twice', (text) => text.replace('"sequence"', '"sequence":9,"sequence"')],
    ['a missing member', (text) => text.replace('"sequence":17,', '')],
    ['a number as a text', (text) => text.replace('17', '"17"')],
    ['a currency that is no text', (text) => text.replace('"CZK"', '1')],
    ['an escape that need not be', (text) => text.replace('CZK', '\\u0043ZK')],
    ['another kind', () => sealLeafText(SEAL)],
    ['no object', () => '[]'],
  ])('of an entry are not read with %s', (_, change) => {
    expect(parseEntryLeaf(change(entryLeafText(ENTRY)))).toBeUndefined();
  });

  it.each<[string, Partial<SealLeaf>]>([
    ['no number', { seal: 0n, previous: 'GENESIS' }],
    ['nothing before it though it is not the first', { previous: 'GENESIS' }],
    ['something before the first', { seal: 1n }],
    ['a time without milliseconds', { sealedAt: '2026-11-21T12:00:00Z' }],
    ['no bucket', { buckets: 0n }],
    ['more buckets than facts', { buckets: 4n }],
    ['a root that is none', { root: 'GENESIS' }],
  ])('are not read as a seal with %s', (_, changes) => {
    expect(parseSealLeaf(sealLeafText({ ...SEAL, ...changes }))).toBeUndefined();
  });

  it.each<[string, (text: string) => string]>([
    ['white space', (text) => text.replace(',', ', ')],
    ['a newline at the end', (text) => `${text}\n`],
    ['another order', (text) => text.replace(/("facts":\d),("entries":\d)/, '$2,$1')],
    ['a further member', (text) => text.replace('}', ',"more":1}')],
    ['a member twice', (text) => text.replace('"facts"', '"facts":9,"facts"')],
    ['a missing member', (text) => text.replace(/"entries":\d,/, '')],
    ['a number with a fraction', (text) => text.replace(/"entries":(\d)/, '"entries":$1.0')],
    ['a number as a text', (text) => text.replace(/"entries":(\d)/, '"entries":"$1"')],
    ['an escape that need not be', (text) => text.replace('root', '\\u0072oot')],
    ['another kind', () => entryLeafText(ENTRY)],
    ['no JSON', (text) => text.slice(1)],
    ['no object', () => '[]'],
  ])('are not read with %s', (_, change) => {
    expect(parseBucketLeaf(change(bucketLeafText(BUCKET)))).toBeUndefined();
    expect(parseSealLeaf(change(sealLeafText(SEAL)))).toBeUndefined();
  });

  it('are not read as each other', () => {
    expect(parseBucketLeaf(sealLeafText(SEAL))).toBeUndefined();
    expect(parseSealLeaf(bucketLeafText(BUCKET))).toBeUndefined();
  });
});
