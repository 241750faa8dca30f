import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  parseBucketLeaf,
  parseSealLeaf,
  verifyCheckpoints,
  verifyEntryProof,
} from '@steelyard/domain/sealing';
import { openNote, parseVerifierKey } from '@steelyard/platform/signing';
import type { Checkpoint } from '../../src/application/proofs/checkpoint.js';
import type { EntryProved } from '../../src/application/proofs/prove-entry.handler.js';
import type { SealingUseCases } from '../../src/sealing.composition.js';
import { granted } from '../support/granted.js';
import { newSigningKey, sealAll, useSealing, verifyAll } from '../support/use-sealing.js';

const ALL = { limit: 0, cursor: '' };

describe('sealing', () => {
  const suite = useSealing();
  let ledger: SealingUseCases;
  const transfers: string[] = [];

  beforeAll(async () => {
    ledger = await suite.process();
  });

  it('makes no seal of an empty ledger', async () => {
    expect(await ledger.seal.execute()).toEqual({
      isMine: true,
      seal: undefined,
      hasMore: false,
      factsUnsealed: 0n,
      obstacles: [],
    });
    await expect(ledger.checkpoints.get(0n)).resolves.toMatchObject({ code: 'CHECKPOINT_NOT_FOUND' });
    expect(await ledger.checkpoints.list(ALL)).toEqual({ checkpoints: [], nextCursor: '' });
  });

  it('seals what was committed, and nothing twice', async () => {
    const { builder } = suite;
    for (const account of ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'])
      builder.deposit(account, 1_000n);
    builder.open('grace');
    await builder.flush();
    const first = await ledger.seal.execute();
    expect(first).toMatchObject({ isMine: true, hasMore: false, factsUnsealed: 0n, obstacles: [] });
    expect(first.seal).toMatchObject({ seal: 1n, facts: 7n, entries: 12n });
    expect(parseSealLeaf(first.seal?.leaf ?? '')).toMatchObject({ seal: 1n, previous: 'GENESIS', facts: 7n });
    expect((await ledger.seal.execute()).seal).toBeUndefined();
  });

  it('makes one leaf of the log each time, chained to the one before', async () => {
    const { builder, clock } = suite;
    for (let index = 0; index < 6; index += 1) {
      clock.advance(60_000);
      transfers.push(builder.transfer({ from: 'alice', to: 'bob', amount: 1n }));
      transfers.push(
        builder.transfer({ from: 'carol', to: 'alice', amount: 2n }, { metadata: { n: index } }),
      );
      await builder.flush();
      await sealAll(ledger);
    }
    const { checkpoints } = await granted(ledger.checkpoints.list(ALL));
    expect(checkpoints.map(({ treeSize }) => treeSize)).toEqual([7n, 6n, 5n, 4n, 3n, 2n, 1n]);
    expect(checkpoints[0]).toMatchObject({ entries: 36n, sealedAtMs: BigInt(clock.nowMs()) });
    const page = await granted(ledger.checkpoints.list({ limit: 3, cursor: '' }));
    const next = await granted(ledger.checkpoints.list({ limit: 3, cursor: page.nextCursor }));
    expect(next.checkpoints.map(({ treeSize }) => treeSize)).toEqual([4n, 3n, 2n]);
  });

  it('proves every entry under every checkpoint that covers it, so that the published algorithm agrees', async () => {
    const entryIds = transfers.flatMap((id) => [1, 2].map((ordinal) => `${id.slice(0, -1)}${ordinal}`));
    for (const [index, entryId] of entryIds.entries()) {
      const sealedWith = BigInt(2 + Math.floor(index / 4));
      for (const treeSize of [sealedWith, 7n, 0n]) {
        const proved = await granted(ledger.proveEntry.execute({ entryId, treeSize }));
        expect(proved.entry.entryId).toBe(entryId);
        expect(proved.proof.checkpoint.treeSize).toBe(treeSize === 0n ? 7n : treeSize);
        expect(verifyEntryProof(proved.entry, writtenProof(proved))).toBeUndefined();
        expect(parseBucketLeaf(proved.proof.bucketLeaf)).toMatchObject({
          auditSequence: 0n,
          auditChecksum: 'GENESIS',
        });
      }
    }
  });

  it('refuses a proof of what is not sealed, and of ids that nobody gave out', async () => {
    const { builder } = suite;
    const fresh = builder.deposit('bob', 5n);
    await builder.flush();
    const entryId = `${fresh.slice(0, -1)}1`;
    const known = `${transfers.at(-1)?.slice(0, -1)}1`;
    const prove = (id: string, treeSize = 0n) => ledger.proveEntry.execute({ entryId: id, treeSize });
    await expect(prove(entryId)).resolves.toMatchObject({ code: 'ENTRY_NOT_SEALED' });
    await expect(prove(known, 6n)).resolves.toMatchObject({ code: 'ENTRY_NOT_SEALED' });
    await expect(prove(known, 99n)).resolves.toMatchObject({ code: 'CHECKPOINT_NOT_FOUND' });
    await expect(prove(fresh)).resolves.toMatchObject({ code: 'ENTRY_NOT_FOUND' });
    await expect(prove('no-uuid')).resolves.toMatchObject({ code: 'ENTRY_NOT_FOUND' });
    await expect(prove(`1${known.slice(1)}`)).resolves.toMatchObject({ code: 'ENTRY_NOT_FOUND' });
    await expect(prove(`${known.slice(0, -1)}9`)).resolves.toMatchObject({ code: 'ENTRY_NOT_FOUND' });
    await sealAll(ledger);
    await expect(prove(entryId)).resolves.toMatchObject({ proof: { checkpoint: { treeSize: 8n } } });
  });

  it('proves the consistency of any two checkpoints', async () => {
    for (let to = 1n; to <= 8n; to += 1n) {
      for (let from = 1n; from <= to; from += 1n) {
        const proved = await granted(ledger.proveConsistency.execute({ fromSize: from, toSize: to }));
        const written = { from: writtenOf(proved.from), to: writtenOf(proved.to), hashes: proved.hashes };
        expect(verifyCheckpoints(written)).toBeUndefined();
      }
    }
    const prove = (fromSize: bigint, toSize: bigint) => ledger.proveConsistency.execute({ fromSize, toSize });
    await expect(prove(3n, 0n)).resolves.toMatchObject({ to: { treeSize: 8n } });
    await expect(prove(0n, 0n)).resolves.toMatchObject({ code: 'INVALID_REQUEST' });
    await expect(prove(5n, 4n)).resolves.toMatchObject({ code: 'INVALID_REQUEST' });
    await expect(prove(1n, 99n)).resolves.toMatchObject({ code: 'CHECKPOINT_NOT_FOUND' });
  });

  it('finds no fault in what nobody touched, also with a checkpoint that was kept', async () => {
    const kept = await granted(ledger.checkpoints.get(3n));
    expect(await verifyAll(ledger, kept.checkpoint.note)).toEqual({ seals: 8n, entries: 38n, faults: [] });
  });

  it('seals each fact once when several processes seal at the same time', async () => {
    const { builder, sql } = suite;
    const processes = await Promise.all([1, 2, 3, 4].map(() => suite.process()));
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 40; index += 1) builder.deposit(`round-${index}`, 1n);
      await builder.flush();
      await Promise.all(processes.map(({ seal }) => seal.execute()));
      await sealAll(ledger);
    }
    const [unsealed] = await sql<{ facts: string; sealed: string }>(
      `select (select sum(sequence) from balance.heads)::text as facts,
              (select sum(facts) from ledger.seal_buckets)::text as sealed`,
    );
    expect(unsealed?.sealed).toBe(unsealed?.facts);
    expect((await verifyAll(ledger)).faults).toEqual([]);
  });

  it('goes on by itself when there is more than a seal holds, in the order of the facts', async () => {
    const { builder, sql } = suite;
    const before = (await granted(ledger.checkpoints.get(0n))).checkpoint.treeSize;
    for (let index = 0; index < 8_100; index += 1) builder.deposit('busy', 1n);
    await builder.flush();
    expect((await ledger.seal.execute()).hasMore).toBe(true);
    expect(await ledger.seal.execute()).toMatchObject({ hasMore: false, factsUnsealed: 0n });
    const parts = await sql<{ after: string; through: string; facts: string }>(
      `select after_sequence as after, through_sequence as through, facts from ledger.seal_buckets
       where bucket = $1 and seal > $2 order by seal`,
      [builder.bucketOf('busy'), before.toString()],
    );
    expect(parts.map(({ facts }) => facts)).toEqual(['8000', '100']);
    expect(parts[1]?.after).toBe(parts[0]?.through);
  });

  it('never lets the time of a seal go back', async () => {
    const { builder, clock } = suite;
    const { checkpoint: before } = await granted(ledger.checkpoints.get(0n));
    clock.advance(-3_600_000);
    builder.deposit('late', 1n);
    await builder.flush();
    await sealAll(ledger);
    clock.advance(3_600_000);
    const { checkpoint } = await granted(ledger.checkpoints.get(0n));
    expect(checkpoint.treeSize).toBe(before.treeSize + 1n);
    expect(checkpoint.sealedAtMs).toBe(before.sealedAtMs);
  });

  it('puts the end of the audit trail into the leaf of its bucket', async () => {
    const { builder, sql } = suite;
    const bucket = builder.bucketOf('audited');
    await sql(
      `insert into ledger.audit_heads (bucket, sequence, checksum) values ($1, 17, sha256('audit'))
       on conflict (bucket) do update set sequence = excluded.sequence, checksum = excluded.checksum`,
      [bucket],
    );
    builder.deposit('audited', 1n);
    await builder.flush();
    await sealAll(ledger);
    const [row] = await sql<{ leaf: string }>(
      'select leaf from ledger.seal_buckets where bucket = $1 order by seal desc limit 1',
      [bucket],
    );
    const [{ checksum } = { checksum: '' }] = await sql<{ checksum: string }>(
      `select encode(sha256('audit'), 'hex') as checksum`,
    );
    expect(parseBucketLeaf(row?.leaf ?? '')).toMatchObject({ auditSequence: 17n, auditChecksum: checksum });
    const { faults } = await verifyAll(ledger);
    expect(faults).toMatchObject([
      { bucket, reason: 'record 17 of the audit trail is not as it was sealed' },
    ]);
  });

  it('lets the role of the app add seals, and change or delete none', async () => {
    const rows = await suite.sql<{ name: string; may: boolean }>(
      `select name, has_table_privilege('steelyard_ledger', name, 'update, delete, truncate') as may
       from unnest(array['ledger.seals', 'ledger.seal_buckets', 'ledger.seal_nodes', 'ledger.signing_keys']) as name`,
    );
    expect(rows.filter(({ may }) => may)).toEqual([]);
  });
});

describe('a bucket that cannot be sealed', () => {
  const suite = useSealing();

  it('keeps its facts back and names the reason, and the others are sealed', async () => {
    const { builder, sql } = suite;
    const ledger = await suite.process();
    for (const account of ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']) builder.deposit(account, 10n);
    await builder.flush();
    const bucket = builder.bucketOf('alice');
    await sql(`create table kept as select * from balance.facts where bucket = ${bucket} and sequence = 1;
               delete from balance.facts where bucket = ${bucket} and sequence = 1`);
    const sealed = await ledger.seal.execute();
    expect(sealed.obstacles).toEqual([{ bucket, reason: 'fact 1 is missing' }]);
    expect(sealed.seal?.facts).toBe(6n - sealed.factsUnsealed);
    await sql('insert into balance.facts select * from kept');
    expect(await ledger.seal.execute()).toMatchObject({ obstacles: [], factsUnsealed: 0n });
    expect((await verifyAll(ledger)).faults).toEqual([]);
  });

  it('is one with facts of a kind that this version does not know', async () => {
    const { builder, sql } = suite;
    const ledger = await suite.process();
    builder.deposit('alice', 10n);
    await builder.flush();
    const bucket = builder.bucketOf('alice');
    const newest = `bucket = ${bucket} and sequence = (select sequence from balance.heads where bucket = ${bucket})`;
    await sql(`update balance.facts set kind = 999 where ${newest}`);
    const sealed = await ledger.seal.execute();
    expect(sealed).toMatchObject({
      seal: undefined,
      obstacles: [{ bucket, reason: expect.stringMatching(/of a kind that this version does not know/) }],
    });
  });
});

describe('the keys of checkpoints', () => {
  const suite = useSealing();
  const [first, second] = [newSigningKey(), newSigningKey()];

  it('are changed with checkpoints in between that carry both signatures', async () => {
    const stages = [
      { LEDGER_SIGNING_KEY: first, LEDGER_ORIGIN: 'example.com/ledger' },
      { LEDGER_SIGNING_KEY: second, LEDGER_SIGNING_KEY_PREVIOUS: first },
      { LEDGER_SIGNING_KEY: second },
    ];
    for (const env of stages) {
      suite.builder.deposit('alice', 1n);
      await suite.builder.flush();
      await sealAll(await suite.process(env));
    }
    const ledger = await suite.process({ LEDGER_SEAL_INTERVAL_MS: '0' });
    const { keys } = await ledger.checkpoints.keys();
    expect(
      keys.map(({ name, firstTreeSize, lastTreeSize, active }) => [
        name,
        firstTreeSize,
        lastTreeSize,
        active,
      ]),
    ).toEqual([
      ['example.com/ledger', 1n, 2n, false],
      ['example.com/ledger', 2n, 3n, true],
    ]);
    const [older, newer] = keys.map(({ verifierKey }) => parseVerifierKey(verifierKey));
    if (older === undefined || newer === undefined) throw new Error('there are two keys');
    const { checkpoints } = await granted(ledger.checkpoints.list(ALL));
    const signedBy = checkpoints.map(({ note }) => {
      const opened = openNote(note, [older, newer]);
      return 'verifiedBy' in opened ? opened.verifiedBy.map((key) => key === newer) : opened.fault;
    });
    expect(signedBy).toEqual([[true], [false, true], [false]]);
    expect((await verifyAll(ledger)).faults).toEqual([]);
  });

  it('sign for the log that the database belongs to, and for no other', async () => {
    const other = await suite.process({ LEDGER_SIGNING_KEY: second, LEDGER_ORIGIN: 'example.com/other' });
    await expect(other.seal.execute()).rejects.toThrow(/LEDGER_ORIGIN is example.com\/other/);
  });

  it('are refused at the start when they cannot sign', async () => {
    const start = (env: Record<string, string>) => suite.process(env);
    await expect(start({ LEDGER_SIGNING_KEY: '/no/such/file.pem' })).rejects.toThrow(/cannot be read/);
    await expect(start({ LEDGER_SIGNING_KEY: '-----BEGIN nonsense' })).rejects.toThrow(/no private key/);
    await expect(start({ LEDGER_SIGNING_KEY_PREVIOUS: first })).rejects.toThrow(/without LEDGER_SIGNING_KEY/);
    await expect(async () => start({ NODE_ENV: 'production' })).rejects.toThrow(/LEDGER_SIGNING_KEY/);
  });
});

function writtenOf({ treeSize, sealedAtMs, rootHash, note }: Checkpoint) {
  return { treeSize, sealedAt: new Date(Number(sealedAtMs)).toISOString(), rootHash, note };
}

function writtenProof({ proof }: EntryProved) {
  return { ...proof, checkpoint: writtenOf(proof.checkpoint) };
}
