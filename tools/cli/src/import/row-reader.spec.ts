import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { MalformedRow } from './import-row.js';
import { readLines } from './line-reader.js';
import { readCsv, readNdjson, type SourceRow } from './row-reader.js';

async function csv(text: string, delimiter = ','): Promise<unknown[]> {
  // One byte a chunk: nothing may depend on where chunks end.
  const stream = Readable.from(
    Array.from(Buffer.from(text), (byte) => Buffer.from([byte])),
    { objectMode: false },
  );
  return collect(readCsv(readLines(stream), delimiter, ['a']));
}

async function ndjson(text: string): Promise<unknown[]> {
  return collect(readNdjson(readLines(Readable.from([text]))));
}

async function collect(rows: AsyncIterable<SourceRow | MalformedRow>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const row of rows) {
    found.push('fields' in row ? { ...row, fields: Object.fromEntries(row.fields) } : row);
  }
  return found;
}

describe('reading CSV', () => {
  it('names the fields and numbers the lines, whatever the line ends', async () => {
    expect(await csv('\uFEFFa,b\r\n1,ž\r\n\r\n3,4')).toEqual([
      { line: 2, fields: { a: '1', b: 'ž' } },
      { line: 4, fields: { a: '3', b: '4' } },
    ]);
  });

  it('reads quoted fields with delimiters, quotes and line breaks', async () => {
    expect(await csv('a;b\n"1;x";"say ""no"""\n"two\nlines";2\n3;4\n', ';')).toEqual([
      { line: 2, fields: { a: '1;x', b: 'say "no"' } },
      { line: 3, fields: { a: 'two\nlines', b: '2' } },
      { line: 5, fields: { a: '3', b: '4' } },
    ]);
  });

  it('reports a row with a wrong number of fields and goes on', async () => {
    expect(await csv('a,b\n1\n1,2,3\n5,6\n')).toEqual([
      { line: 2, reason: '1 fields, the header has 2' },
      { line: 3, reason: '3 fields, the header has 2' },
      { line: 4, fields: { a: '5', b: '6' } },
    ]);
  });

  it('loses only the row whose quote is never closed', async () => {
    const following = Array.from({ length: 150 }, (_, index) => `${index},x`).join('\n');
    const rows = await csv(`a,b\n1,"open\n${following}\n`);
    expect(rows[0]).toEqual({ line: 2, reason: 'a quote is not closed' });
    expect(rows).toHaveLength(151);
    expect(rows[150]).toEqual({ line: 152, fields: { a: '149', b: 'x' } });
  });

  it('loses only the row in which a quote stands wrongly', async () => {
    expect(await csv('a,b\n1,5" pipe\n2,x\n3,"good"\n4,"a"b\n5,y\n')).toEqual([
      { line: 2, reason: expect.stringContaining('quote') },
      { line: 3, fields: { a: '2', b: 'x' } },
      { line: 4, fields: { a: '3', b: 'good' } },
      { line: 5, reason: expect.stringContaining('quote') },
      { line: 6, fields: { a: '5', b: 'y' } },
    ]);
  });

  it('says which column is missing and which there are', async () => {
    await expect(csv('x,y\n1,2\n')).rejects.toThrow('no column "a"; the header has: x, y');
  });

  it('refuses a file without a header', async () => {
    await expect(csv('')).rejects.toThrow('the file is empty');
  });

  it('gives up a line beyond the bound without keeping it', async () => {
    const rows = await csvFromOneChunk(`a,b\n${'x'.repeat(1_100_000)}\n1,2\n`);
    expect(rows).toEqual([
      { line: 2, reason: 'longer than 1048576 characters' },
      { line: 3, fields: { a: '1', b: '2' } },
    ]);
  });
});

async function csvFromOneChunk(text: string): Promise<unknown[]> {
  return collect(readCsv(readLines(Readable.from([text])), ',', ['a']));
}

describe('reading NDJSON', () => {
  it('keeps the digits of numbers', async () => {
    expect(await ndjson('{"a":12.10,"b":9007199254740993,"c":true,"d":null,"e":"x"}\n')).toEqual([
      { line: 1, fields: { a: '12.10', b: '9007199254740993', c: 'true', e: 'x' } },
    ]);
  });

  it('reports what is not an object and goes on', async () => {
    expect(await ndjson('{"a":1\n[1]\n\n{"a":"2"}')).toEqual([
      { line: 1, reason: 'not valid JSON' },
      { line: 2, reason: 'not a JSON object' },
      { line: 4, fields: { a: '2' } },
    ]);
  });
});
