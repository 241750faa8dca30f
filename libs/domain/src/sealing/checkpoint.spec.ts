import { describe, expect, it } from '@jest/globals';
import { checkpointText, divideNote, parseCheckpointText } from './checkpoint.js';

const CHECKPOINT = {
  origin: 'ledger.example/golden',
  treeSize: 5n,
  rootHash: '5fad8381cad7bb964f3f480b3b36acd4242f09647afebe92cd94aa01995ee813',
  sealedAt: '2026-11-21T17:00:00.000Z',
};
const ROOT = 'X62DgcrXu5ZPP0gLOzas1CQvCWR6/r6SzZSqAZle6BM=';
const TEXT = `ledger.example/golden\n5\n${ROOT}\nsealedAt 2026-11-21T17:00:00.000Z\n`;
const LINE = '\u2014 ledger.example/golden AAAA\n';

describe('the text of a checkpoint', () => {
  it('has four lines', () => {
    expect(checkpointText(CHECKPOINT)).toBe(TEXT);
    expect(parseCheckpointText(TEXT)).toEqual(CHECKPOINT);
  });

  it.each([
    ['origin', 'a name'],
    ['origin', ''],
    ['origin', 'a+b'],
    ['origin', 'a\nb'],
    ['rootHash', 'GENESIS'],
    ['sealedAt', '2026-11-21'],
  ])('is not written with the %s %j', (member, value) => {
    expect(() => checkpointText({ ...CHECKPOINT, [member]: value })).toThrow('well-formed');
  });

  it.each<[string, string]>([
    ['a missing newline', TEXT.slice(0, -1)],
    ['a fifth line', `${TEXT}more\n`],
    ['a missing line', TEXT.replace('5\n', '')],
    ['a leading zero', TEXT.replace('\n5\n', '\n05\n')],
    ['a sign', TEXT.replace('\n5\n', '\n+5\n')],
    ['a root without padding', TEXT.replace('=', '')],
    ['a root with other last bits', TEXT.replace('BM=', 'BN=')],
    ['a short root', TEXT.replace(ROOT, 'AAAA')],
    ['a time without its word', TEXT.replace('sealedAt ', '')],
    ['a time without milliseconds', TEXT.replace('.000Z', 'Z')],
    ['an origin with a space', TEXT.replace('golden', 'golden ')],
    ['carriage returns', TEXT.replaceAll('\n', '\r\n')],
  ])('is not read with %s', (_, text) => {
    expect(parseCheckpointText(text)).toBeUndefined();
  });
});

describe('a note', () => {
  it('is divided at its last empty line', () => {
    expect(divideNote(`a\n\nb\n\n${LINE}${LINE}`)).toEqual({
      text: 'a\n\nb\n',
      signatureLines: [LINE.trimEnd(), LINE.trimEnd()],
    });
  });

  it.each([
    ['no empty line', `a\n${LINE}`],
    ['no signature', 'a\n\n'],
    ['no newline at the end', `a\n\n${LINE.trimEnd()}`],
    ['something else than signatures', `a\n\n${LINE}b\n`],
    ['a tabulator', `a\tb\n\n${LINE}`],
    ['a carriage return', `a\r\n\n${LINE}`],
  ])('is none with %s', (_, note) => {
    expect(divideNote(note)).toBeUndefined();
  });
});
