import type { JsonObject } from '@steelyard/domain/ledger-chain';
import { leafHash, toHex } from '@steelyard/domain/merkle';
import { entryLeafText, factLeafText, type FactLeaf } from '@steelyard/domain/sealing';
import { signNote } from '@steelyard/platform/signing';
import { SealedLedger, textOf } from './sealed-ledger.js';
import { testKey } from './test-keys.js';

export const ORIGIN = 'ledger.example/golden';
export const OLD_KEY = testKey(ORIGIN, 1);
export const NEW_KEY = testKey(ORIGIN, 2);
/** Another key under the same name. */
export const STRANGER = testKey(ORIGIN, 3);
/** A key of another log. */
export const OTHER_LOG = testKey('ledger.example/other', 4);

const START_MS = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;
const CHECKSUM = '0ab11d21f57ce616a4138453a2ed61a9410a79feb8901dff365f6404f006eac6';
const BOTH_KEYS = [OLD_KEY, NEW_KEY];

/** A document, the keys it is to be verified with, and whether it must be accepted. */
export interface DocumentVector {
  readonly name: string;
  readonly valid: boolean;
  readonly keys: readonly string[];
  readonly document: JsonObject;
}

/** A small ledger of three buckets and seven seals; the signing key changes with the fourth. */
export function goldenLedger(): SealedLedger {
  const ledger = new SealedLedger(ORIGIN);
  const at = (hour: number, minute = 0): number => START_MS + hour * HOUR_MS + minute * 60_000;
  const deposit = (hour: number, amount: number, data: JsonObject): void => {
    const movements = [
      { accountId: 'alice', amount },
      { accountId: '@world/CZK', amount: -amount },
    ];
    ledger.post({
      bucket: 3,
      kind: 'DEPOSIT',
      atMs: at(hour),
      idempotencyKey: `deposit ${amount} "é"`,
      data,
      movements,
    });
  };
  ledger.post({
    bucket: 3,
    kind: 'ACCOUNT_OPENED',
    atMs: at(0),
    data: { accountId: 'alice', currency: 'CZK' },
  });
  deposit(0, 100_000, { reason: 'first' });
  ledger.seal(at(1), [OLD_KEY]);

  deposit(1, 1_250, { performedBy: 'operator-1', table: { name: 'Žižkov', seat: 3 } });
  deposit(1, 7, { note: 'e\u0301 \u{1f600} "\\/\n', n: [1e21, 1e-7, 0.1, -5, 333333333.3333333] });
  ledger.post({
    bucket: 5,
    kind: 'ACCOUNT_OPENED',
    atMs: at(1, 5),
    data: { accountId: 'bob', currency: 'CZK' },
  });
  ledger.seal(at(2), [OLD_KEY]);

  transfer(ledger, at(2), 30_000);
  ledger.post({
    bucket: 9,
    kind: 'ACCOUNT_OPENED',
    atMs: at(2, 1),
    data: { accountId: 'carol', currency: 'CZK' },
  });
  ledger.seal(at(3), [OLD_KEY], { sequence: 2n, checksum: 'ab'.repeat(32) });

  withdraw(ledger, at(3), 500);
  ledger.seal(at(4), BOTH_KEYS);

  deposit(4, 11, {});
  transfer(ledger, at(4, 1), 12_345);
  ledger.seal(at(5), BOTH_KEYS);

  for (const amount of [1, 2, 3, 4, 5]) deposit(5, amount, { amount });
  ledger.seal(at(6), [NEW_KEY]);

  deposit(6, 9_007_199_254_000_000, { reason: 'as much as there is' });
  ledger.seal(at(7), [NEW_KEY]);

  // Not sealed yet.
  withdraw(ledger, at(7), 250);
  return ledger;
}

/** The golden vectors, as they are committed. */
export function goldenProofs(): JsonObject {
  const ledger = goldenLedger();
  const [oldKey, newKey] = [OLD_KEY.verifier.text, NEW_KEY.verifier.text];
  return {
    description:
      'Leaves, documents and notes of a small sealed ledger: what the platform writes and what every verifier must ' +
      'say to it. The private keys are of no secret. Never to be changed: add.',
    origin: ORIGIN,
    keys: { old: oldKey, new: newKey, stranger: STRANGER.verifier.text, otherLog: OTHER_LOG.verifier.text },
    leaves: leafVectors(),
    documents: documentVectors(ledger).map((vector) => ({ ...vector })),
    notes: noteVectors(ledger),
  };
}

/** Documents of every form that must be accepted. */
export function validDocuments(ledger: SealedLedger): DocumentVector[] {
  const [oldKey, newKey] = [OLD_KEY.verifier.text, NEW_KEY.verifier.text];
  const idAt = (accountId: string, index: number): string =>
    textOf(ledger.entriesOf(accountId).at(index), 'entryId');
  const all = { from: '2026-11-21T00:00:00.000Z', to: '2026-11-22T00:00:00.000Z' };
  const day = (hour: number): string => new Date(START_MS + hour * HOUR_MS).toISOString();
  const valid = (name: string, key: string, document: JsonObject): DocumentVector => ({
    name,
    valid: true,
    keys: [key],
    document,
  });
  return [
    valid(
      'an entry of the first seal under the first checkpoint',
      oldKey,
      ledger.entryProof(idAt('alice', 0), 1),
    ),
    valid('the same entry under the last checkpoint', newKey, ledger.entryProof(idAt('alice', 0), 7)),
    valid('an entry with metadata of all kinds', oldKey, ledger.entryProof(idAt('alice', 2), 2)),
    valid('the part of a transfer in another bucket', oldKey, ledger.entryProof(idAt('bob', 0), 5)),
    valid('the same under the old key alone', oldKey, ledger.entryProof(idAt('bob', 0), 3)),
    valid(
      'an entry with the largest amounts, in the last seal',
      newKey,
      ledger.entryProof(idAt('alice', -1), 7),
    ),
    valid("an entry of the platform's own account", newKey, ledger.entryProof(idAt('@world/CZK', 4), 6)),
    valid('a statement of everything', newKey, ledger.statement('alice', all, 7)),
    valid('a statement of a period', newKey, ledger.statement('alice', { from: day(1), to: day(5) }, 6)),
    valid('a statement with an entry that is not sealed', newKey, ledger.statement('bob', all, 7)),
    valid('a statement without a proof', newKey, ledger.statement('bob', { from: day(7), to: day(8) }, 7)),
    valid(
      'a statement of a period without entries',
      newKey,
      ledger.statement('bob', { from: day(5), to: day(6) }, 7),
    ),
    valid('a statement before the first entry', newKey, ledger.statement('carol', all, 7)),
    ...[
      ...[
        [1, 7],
        [3, 7],
        [4, 7],
        [6, 7],
      ],
      ...[
        [2, 5],
        [5, 5],
        [1, 2],
      ],
    ].map(([from = 0, to = 0]) => ({
      ...valid(`checkpoint ${from} to ${to}`, oldKey, ledger.consistency(from, to)),
      keys: [oldKey, newKey],
    })),
  ];
}

function documentVectors(ledger: SealedLedger): DocumentVector[] {
  const valid = validDocuments(ledger);
  const [first, last] = [valid[0], valid[1]];
  const [statement, period] = [valid[7], valid[8]];
  if (!first || !last || !statement || !period) throw new Error('there are documents');
  const invalid = (name: string, keys: readonly string[], document: JsonObject): DocumentVector => ({
    name,
    valid: false,
    keys,
    document,
  });
  const entries = statement.document['entries'] as readonly JsonObject[];
  return [
    ...valid,
    invalid('another key of the same name', [STRANGER.verifier.text], first.document),
    invalid('the key of another log', [OTHER_LOG.verifier.text], first.document),
    invalid('the key that was retired before', [OLD_KEY.verifier.text], last.document),
    invalid('the proof of another entry', first.keys, {
      ...last.document,
      proof: first.document['proof'] ?? null,
      entry: entries[1] ?? null,
    }),
    invalid('a statement without its last entry', statement.keys, {
      ...statement.document,
      entries: entries.slice(0, -1),
    }),
    invalid('a statement without an entry in the middle', statement.keys, {
      ...statement.document,
      entries: entries.filter((_, i) => i !== 2),
    }),
    invalid('a statement with entries in another order', statement.keys, {
      ...statement.document,
      entries: [...entries].reverse(),
    }),
    invalid('a statement in another currency', statement.keys, { ...statement.document, currency: 'EUR' }),
    invalid('a statement that counts from another place', statement.keys, countedFrom(period.document, 5)),
    invalid('a checkpoint of a rewritten log', [OLD_KEY.verifier.text], rewrittenConsistency(ledger)),
  ];
}

/** The same statement as if so many more entries had been before it. */
function countedFrom(statement: JsonObject, more: number): JsonObject {
  const shifted = (name: string): JsonObject => {
    const end = statement[name] as { readonly sequence: number };
    return { ...end, sequence: end.sequence + more };
  };
  return { ...statement, opening: shifted('opening'), closing: shifted('closing') };
}

/** The log was made anew with another first deposit: its checkpoints are signed, but do not continue the old ones. */
function rewrittenConsistency(ledger: SealedLedger): JsonObject {
  const other = new SealedLedger(ORIGIN);
  for (const amount of [1, 2]) {
    other.post({ bucket: 3, kind: 'DEPOSIT', atMs: START_MS, movements: [{ accountId: 'alice', amount }] });
    other.seal(START_MS + HOUR_MS * amount, [OLD_KEY]);
  }
  return { ...other.consistency(1, 2), from: ledger.checkpoint(1) };
}

function leafVectors(): JsonObject[] {
  const facts: readonly (readonly [string, FactLeaf])[] = [
    [
      'a fact without a key',
      {
        ...{ bucket: 0, sequence: 1n, kind: 'RESERVATION_EXPIRED', committedAt: '2026-11-21T12:00:00.000Z' },
        ...{ idempotencyKey: null, home: null, legs: [], dataJson: '{}' },
      },
    ],
    [
      'the home of a transaction over three buckets',
      {
        ...{
          bucket: 63,
          sequence: 9_007_199_254_740_991n,
          kind: 'SETTLEMENT',
          idempotencyKey: 'a"b\\c\u0001\u{1f600}é\ud800',
        },
        ...{
          committedAt: '2026-11-21T12:00:00.001Z',
          home: null,
          dataJson: '{"a":[1,{"b":null}],"é":"\\n"}',
        },
        legs: [
          { bucket: 2, sequence: 17n },
          { bucket: 1, sequence: 4n },
        ],
      },
    ],
    [
      'a part of it',
      {
        ...{ bucket: 2, sequence: 17n, kind: 'SETTLEMENT', committedAt: '2026-11-21T12:00:00.001Z' },
        ...{
          idempotencyKey: null,
          home: { bucket: 63, sequence: 5n },
          legs: [],
          dataJson: '{"reason":"win"}',
        },
      },
    ],
  ];
  return [
    ...facts.map(([name, fact]) => leafVector(name, factLeafText(fact))),
    leafVector('an entry', entryLeafText({ checksum: CHECKSUM, sequence: 17n, currency: 'CZK' })),
    leafVector(
      'an entry in a currency that needs escapes, at the end of the longest chain',
      entryLeafText({ checksum: CHECKSUM, sequence: 9_007_199_254_740_991n, currency: 'a"b\\é' }),
    ),
  ];
}

function leafVector(name: string, text: string): JsonObject {
  return { name, text, hash: toHex(leafHash(text)) };
}

function noteVectors(ledger: SealedLedger): JsonObject[] {
  const note = textOf(ledger.checkpoint(4), 'note');
  const [oldKey, newKey] = [OLD_KEY.verifier.text, NEW_KEY.verifier.text];
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const badSignature = note.replace(
    /\n\u2014 (\S+) (.)(.*)\n$/,
    (_, name: string, start: string, rest: string) => {
      const middle = rest.slice(20, 21) === 'A' ? 'B' : 'A';
      return `\n\u2014 ${name} ${start}${rest.slice(0, 20)}${middle}${rest.slice(21)}\n`;
    },
  );
  const vector = (name: string, valid: boolean, keys: readonly string[], of: string): JsonObject => ({
    name,
    valid,
    keys,
    note: of,
  });
  return [
    vector('two signatures, the old key known', true, [oldKey], note),
    vector('two signatures, the new key known', true, [newKey], note),
    vector('two signatures, both keys known', true, [oldKey, newKey], note),
    vector('a witness has signed too', true, [oldKey], signNote(text, [OTHER_LOG, OLD_KEY])),
    vector('only a witness is known', false, [OTHER_LOG.verifier.text], signNote(text, [OTHER_LOG, OLD_KEY])),
    vector('only a stranger has signed', false, [oldKey], signNote(text, [STRANGER])),
    vector('a wrong signature of a known key beside a right one', false, [oldKey, newKey], badSignature),
    vector('a wrong signature of a key that is not known', true, [oldKey], badSignature),
    vector('another time', false, [oldKey], note.replace('sealedAt 2026', 'sealedAt 2027')),
    vector('another size', false, [oldKey], note.replace('\n4\n', '\n5\n')),
    vector('no signature', false, [oldKey], `${text}\n`),
    vector('no empty line', false, [oldKey], note.replace('\n\n', '\n')),
    vector('a signed text that is no checkpoint', false, [oldKey], signNote(`${ORIGIN}\nhello\n`, [OLD_KEY])),
    vector('a second extension line', false, [oldKey], signNote(`${text}more\n`, [OLD_KEY])),
  ];
}

function transfer(ledger: SealedLedger, atMs: number, amount: number): void {
  const data = { reason: 'rent' };
  const leg = ledger.nextIn(5);
  const home = ledger.post({
    ...{ bucket: 3, kind: 'TRANSFER', atMs, data, idempotencyKey: `transfer-${atMs}`, legs: [leg] },
    movements: [{ accountId: 'alice', amount: -amount }],
  });
  const movements = [{ accountId: 'bob', amount }];
  ledger.post({ bucket: 5, kind: 'TRANSFER', atMs, data, home, firstOrdinal: 2, movements });
}

function withdraw(ledger: SealedLedger, atMs: number, amount: number): void {
  const movements = [
    { accountId: 'bob', amount: -amount },
    { accountId: '@house/CZK', amount },
  ];
  ledger.post({ bucket: 5, kind: 'WITHDRAW', atMs, data: { reason: 'cash' }, movements });
}
