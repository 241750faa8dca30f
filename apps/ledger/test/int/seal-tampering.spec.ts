import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { entryIdOf } from '@steelyard/domain/posting';
import type { SealingUseCases } from '../../src/sealing.composition.js';
import { granted } from '../support/granted.js';
import { LedgerBuilder } from '../support/ledger-builder.js';
import { newSigningKey, sealAll, useSealing, verifyAll } from '../support/use-sealing.js';

const BOOKS = ['balance.accounts', 'balance.facts', 'balance.heads', 'ledger.entries'];
const SEALS = [
  'ledger.sealing',
  'ledger.seals',
  'ledger.seal_buckets',
  'ledger.seal_nodes',
  'ledger.signing_keys',
];
const SIGNING_KEY = newSigningKey();
const SEAL_COUNT = 5n;

/** One way to change what was sealed without a trace in the chains, and where verification must point. */
interface Tampering {
  readonly what: string;
  readonly sql: string;
  readonly fault: Readonly<Record<string, unknown>>;
}

const HOME = `bucket = (select bucket from ledger.entries where account_id = 'alice' limit 1)`;
const FACT_3 = `(select fact_sequence from ledger.entries where account_id = 'alice' and sequence = 3)`;
const ALICE_3 = { accountId: 'alice', sequence: 3n };

const TAMPERINGS: readonly Tampering[] = [
  {
    what: 'a checksum',
    sql: `update ledger.entries set checksum = sha256(checksum) where account_id = 'alice' and sequence = 3`,
    fault: { ...ALICE_3, reason: 'the entry is not the one that was sealed here' },
  },
  {
    what: 'the currency of an account',
    sql: `update balance.accounts set currency = 'EUR' where account_id = 'alice'`,
    fault: { accountId: 'alice', sequence: 1n, reason: 'the entry is not the one that was sealed here' },
  },
  {
    what: 'the place of an entry in its chain',
    sql: `update ledger.entries set sequence = 30 where account_id = 'alice' and sequence = 3`,
    fault: { accountId: 'alice', sequence: 30n, reason: 'the entry is not the one that was sealed here' },
  },
  {
    what: 'the metadata of a fact',
    sql: `update balance.facts set data = '{"forged":1}' where ${HOME} and sequence = ${FACT_3}`,
    fault: { reason: expect.stringMatching(/fact \d+ is not as it was sealed/) },
  },
  {
    what: 'the key of a fact',
    sql: `update balance.facts set idempotency_key = 'forged' where ${HOME} and sequence = ${FACT_3}`,
    fault: { reason: expect.stringMatching(/fact \d+ is not as it was sealed/) },
  },
  {
    what: 'the time of a fact',
    sql: `update balance.facts set committed_at_ms = committed_at_ms + 1 where ${HOME} and sequence = ${FACT_3}`,
    fault: { reason: expect.stringMatching(/fact \d+ is not as it was sealed/) },
  },
  {
    what: 'the kind of a fact',
    sql: `update balance.facts set kind = 10 where ${HOME} and sequence = ${FACT_3}`,
    fault: { reason: expect.stringMatching(/fact \d+ is not as it was sealed/) },
  },
  {
    what: 'a deleted entry',
    sql: `delete from ledger.entries where account_id = 'alice' and sequence = 3`,
    // The entry behind it stands in its place.
    fault: { accountId: '@world/CZK', reason: 'the entry is not the one that was sealed here' },
  },
  {
    what: 'a deleted entry at the end of its fact',
    sql: `delete from ledger.entries where account_id = '@world/CZK' and ${HOME} and fact_sequence = ${FACT_3}`,
    fault: { reason: expect.stringMatching(/an entry of fact \d+ is missing/) },
  },
  {
    what: 'a deleted fact',
    sql: `delete from balance.facts where ${HOME} and sequence = ${FACT_3}`,
    fault: { reason: expect.stringMatching(/fact \d+ is missing/) },
  },
  {
    what: 'an added entry',
    sql: `insert into ledger.entries
          select 99, amount, balance_after, fact_sequence, bucket, 9, hash_version, 'mallory', checksum
          from ledger.entries where account_id = 'alice' and sequence = 3`,
    fault: { accountId: 'mallory', sequence: 99n },
  },
  {
    what: 'swapped entries',
    sql: `update ledger.entries set checksum = case sequence
            when 3 then (select checksum from ledger.entries where account_id = 'alice' and sequence = 4)
            else (select checksum from ledger.entries where account_id = 'alice' and sequence = 3) end
          where account_id = 'alice' and sequence in (3, 4)`,
    fault: ALICE_3,
  },
  {
    what: 'the root of a bucket',
    sql: `update ledger.seal_buckets set root_hash = sha256(root_hash) where seal = 2`,
    fault: { seal: 2n, reason: 'the row of the seal is not as its leaf says' },
  },
  {
    what: 'the leaf of a bucket, with an audit trail that agrees with it',
    sql: `update ledger.seal_buckets set leaf = replace(leaf, '"auditSequence":0,"auditChecksum":"GENESIS"',
            '"auditSequence":1,"auditChecksum":"' || encode(sha256('x'), 'hex') || '"') where seal = 2;
          insert into ledger.audit_records
            (sequence, at_ms, record_id, bucket, hash_version, is_event, checksum, action, content)
          select 1, 0, gen_random_uuid(), bucket, 1, false, sha256('x'), 'FORGED', '{}'
          from ledger.seal_buckets where seal = 2`,
    fault: { seal: 2n, reason: 'its buckets are not those of its leaf' },
  },
  {
    what: 'a bucket left out of a seal',
    sql: `delete from ledger.seal_buckets
          where seal = 2 and bucket = (select min(bucket) from ledger.seal_buckets where seal = 2)`,
    fault: { seal: 2n, reason: expect.stringMatching(/another number of facts or entries/) },
  },
  {
    what: 'a deleted seal',
    sql: `delete from ledger.seals where seal = 2`,
    fault: { seal: 2n, reason: 'the seal is missing' },
  },
  {
    what: 'the leaf of a seal',
    sql: `update ledger.seals set leaf = replace(leaf, '"facts":', '"facts": ') where seal = 2`,
    fault: { seal: 2n, reason: 'its leaf is damaged' },
  },
  {
    what: 'the time of a seal',
    sql: `update ledger.seals set sealed_at_ms = sealed_at_ms + 1 where seal = 2`,
    fault: { seal: 2n, reason: 'its leaf is that of another seal' },
  },
  {
    what: 'the total of a seal',
    sql: `update ledger.seals set total_entries = total_entries + 1 where seal = 2`,
    fault: { seal: 2n, reason: 'its total of entries is another' },
  },
  {
    what: 'a node of the log',
    sql: `update ledger.seal_nodes set hash = sha256(hash) where level = 1 and index = 0`,
    fault: { seal: 2n, reason: 'the nodes of the log are not those of its leaves' },
  },
  {
    what: 'the root of the log',
    sql: `update ledger.seals set root_hash = sha256(root_hash) where seal = 2`,
    fault: { seal: 2n, reason: 'the root of the log is another' },
  },
  {
    what: 'a checkpoint that was signed for another root',
    sql: `update ledger.seals set note = (select note from ledger.seals where seal = 3) where seal = 2`,
    fault: { seal: 2n, reason: 'the note is of another log or seal' },
  },
  {
    what: 'a signature that was taken from another checkpoint',
    sql: `update ledger.seals as forged
          set note = split_part(forged.note, E'\\n\\n', 1) || E'\\n\\n' || split_part(other.note, E'\\n\\n', 2)
          from ledger.seals as other where forged.seal = 2 and other.seal = 3`,
    fault: { seal: 2n, reason: expect.stringMatching(/the signature of .* does not match the note/) },
  },
];

describe('a ledger that was changed after it was sealed', () => {
  const suite = useSealing();
  let ledger: SealingUseCases;
  /** Checkpoints as somebody outside kept them, by size. */
  const kept: string[] = [];

  beforeAll(async () => {
    ledger = await suite.process({ LEDGER_SIGNING_KEY: SIGNING_KEY });
    const { builder } = suite;
    for (let round = 0n; round < SEAL_COUNT; round += 1n) {
      play(builder, round, 10n);
      await builder.flush();
      suite.clock.advance(60_000);
      await sealAll(ledger);
      if (round === 2n) await keep('old');
    }
    await keep('kept');
    const { checkpoints } = await granted(ledger.checkpoints.list({ limit: 0, cursor: '' }));
    kept.push('', ...checkpoints.toReversed().map(({ note }) => note));
  });

  beforeEach(async () => {
    await restore('kept', [...BOOKS, ...SEALS]);
    await suite.sql('truncate ledger.audit_records');
  });

  it('is without fault before anything is changed', async () => {
    for (const note of kept.slice(1)) expect((await verifyAll(ledger, note)).faults).toEqual([]);
    expect(await verifyAll(ledger)).toMatchObject({ seals: SEAL_COUNT });
  });

  it.each(TAMPERINGS)('shows $what', async ({ sql, fault }) => {
    await suite.sql(sql);
    const { faults } = await verifyAll(ledger);
    expect(faults[0]).toMatchObject(fault);
  });

  it.each(TAMPERINGS.slice(0, 4))('gives no proof over $what', async ({ sql }) => {
    const [{ id } = { id: '' }] = await suite.sql<{ id: string }>(
      `select sequence::text as id from balance.facts where ${HOME} and sequence = ${FACT_3}`,
    );
    const entryId = await entryOfAlice(id);
    await expect(ledger.proveEntry.execute({ entryId, treeSize: 0n })).resolves.toHaveProperty('proof');
    await suite.sql(sql);
    const refused = await ledger.proveEntry.execute({ entryId: await entryOfAlice(id), treeSize: 0n });
    expect(refused).toMatchObject({ code: 'INTEGRITY_FAILURE' });
  });

  it('shows a suffix that was rewritten with right hashes, at its first entry', async () => {
    await rewriteFrom(2n);
    const { faults } = await verifyAll(ledger);
    expect(faults[0]).toMatchObject({ seal: 3n, accountId: expect.stringMatching(/alice|bob|@world/) });
    const alice = faults.find(({ accountId }) => accountId === 'alice');
    // Two entries a round: the fifth is the first of the third round.
    expect(alice).toMatchObject({ seal: 3n, sequence: 5n });
    expect(alice?.entryId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('shows a tail that was cut with accounts and heads set back', async () => {
    await restore('old', BOOKS);
    const { faults } = await verifyAll(ledger);
    expect(faults.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/^fact \d+ is missing$/));
    expect(faults.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^the bucket ends at fact \d+, facts through \d+ were sealed$/),
    );
    const { obstacles } = await ledger.seal.execute();
    expect(obstacles[0]?.reason).toMatch(/facts are sealed through \d+, but the bucket ends at \d+/);
  });

  it('shows an old backup, seals and all, by a checkpoint that was kept', async () => {
    await restore('old', [...BOOKS, ...SEALS]);
    // Nothing within can tell.
    expect((await verifyAll(ledger)).faults).toEqual([]);
    expect((await verifyAll(ledger, kept[3])).faults).toEqual([]);
    const { faults } = await verifyAll(ledger, kept[5]);
    expect(faults).toMatchObject([{ seal: 5n, reason: expect.stringMatching(/the ledger has only 3$/) }]);
  });

  it('shows an old backup that has gone on since', async () => {
    await restore('old', [...BOOKS, ...SEALS]);
    const builder = await rebuilt(3n);
    for (let round = 3n; round < SEAL_COUNT + 2n; round += 1n) {
      play(builder, round, 11n);
      await builder.flush();
      await sealAll(ledger);
    }
    expect((await verifyAll(ledger)).faults).toEqual([]);
    const { faults } = await verifyAll(ledger, kept[5]);
    expect(faults).toMatchObject([{ seal: 5n, reason: expect.stringMatching(/the log was rewritten/) }]);
    expect((await verifyAll(ledger, kept[3])).faults).toEqual([]);
  });

  it('shows a whole ledger that was rewritten, sealed again and signed with the right key', async () => {
    const [{ origin } = { origin: '' }] = await suite.sql<{ origin: string }>(
      'select origin from ledger.sealing',
    );
    await suite.sql(`truncate ${[...BOOKS, ...SEALS].join(', ')}`);
    const builder = new LedgerBuilder(suite.url, 4);
    const forger = await suite.process({ LEDGER_SIGNING_KEY: SIGNING_KEY, LEDGER_ORIGIN: origin });
    for (let round = 0n; round < SEAL_COUNT; round += 1n) {
      play(builder, round, 11n);
      await builder.flush();
      await sealAll(forger);
    }
    expect((await verifyAll(ledger)).faults).toEqual([]);
    for (const [size, note] of kept.entries()) {
      if (size === 0) continue;
      const { faults } = await verifyAll(ledger, note);
      expect(faults).toMatchObject([
        { seal: BigInt(size), reason: expect.stringMatching(/log was rewritten/) },
      ]);
    }
  });

  it('shows a ledger that was sealed again without the key', async () => {
    const [{ origin } = { origin: '' }] = await suite.sql<{ origin: string }>(
      'select origin from ledger.sealing',
    );
    await suite.sql(`truncate ${SEALS.join(', ')}`);
    await rewriteFrom(0n);
    const forger = await suite.process({ LEDGER_SIGNING_KEY: newSigningKey(), LEDGER_ORIGIN: origin });
    await sealAll(forger);
    await suite.sql('truncate ledger.signing_keys');
    const { faults } = await verifyAll(ledger);
    expect(faults).toMatchObject([{ seal: 1n, reason: 'no known key has signed the note' }]);
  });

  it('refuses a note that is none, and shows one that nobody signed or that is of another log', async () => {
    const note = kept[5] ?? '';
    const verify = (text: string) => ledger.verifySeals.execute({ cursor: '', note: text });
    await expect(verify('nonsense')).resolves.toMatchObject({ code: 'INVALID_REQUEST', field: 'note' });
    const forged = note.replace(/sealedAt 2026/, 'sealedAt 2027');
    expect((await verifyAll(ledger, forged)).faults).toMatchObject([
      { seal: 5n, reason: expect.stringMatching(/does not match the note/) },
    ]);
    expect((await verifyAll(ledger, note.replace(/^steelyard/, 'elsewhere'))).faults).toMatchObject([
      { reason: expect.stringMatching(/is of the log elsewhere/) },
    ]);
  });

  it('opens incidents in the background, and closes them when the ledger is as it was', async () => {
    await suite.sql(TAMPERINGS[0]?.sql ?? '');
    const walk = () => ledger.continueSealWalk.execute({ budgetMs: 10_000, quietMs: 0 });
    expect(await walk()).toMatchObject({ isMine: true, isWalkComplete: true });
    const open = { type: 'integrity_failure', isOpen: true, limit: 10 } as const;
    expect(await suite.incidents.list(open)).toMatchObject([
      { foundBy: 'seals', accountId: 'alice', sequence: 3n, reason: expect.stringMatching(/^seal 2: /) },
    ]);
    await restore('kept', [...BOOKS, ...SEALS]);
    suite.clock.advance(1_000);
    await walk();
    suite.clock.advance(1_000);
    await walk();
    expect(await suite.incidents.list(open)).toEqual([]);
  });

  it('is walked through by whichever process comes next, and says up to when the seals are verified', async () => {
    await suite.sql('truncate ledger.seal_verification');
    const startedAtMs = suite.clock.nowMs();
    let steps = 0;
    for (let isComplete = false; !isComplete && steps < 100; steps += 1) {
      const process = await suite.process({ LEDGER_SIGNING_KEY: SIGNING_KEY });
      isComplete = (await process.continueSealWalk.execute({ budgetMs: 0, quietMs: 0 })).isWalkComplete;
    }
    expect(steps).toBeGreaterThan(Number(SEAL_COUNT));
    const [row] = await suite.sql<{ at: string }>(
      'select verified_up_to_ms as at from ledger.seal_verification',
    );
    expect(row?.at).toBe(String(startedAtMs));
  });

  /** Each round moves alice twice, and others. */
  function play(builder: LedgerBuilder, round: bigint, amount: bigint): void {
    const metadata = { round: Number(round) };
    builder.deposit('alice', 1_000n + amount, { metadata });
    builder.deposit('bob', 500n);
    builder.transfer({ from: 'alice', to: 'bob', amount }, { metadata });
    builder.transfer({ from: 'bob', to: 'carol', amount: 1n });
  }

  /** The books of so many rounds in memory, as they were played at first. */
  async function rebuilt(rounds: bigint): Promise<LedgerBuilder> {
    await suite.sql(`truncate ${BOOKS.join(', ')}`);
    const builder = new LedgerBuilder(suite.url, 4);
    for (let round = 0n; round < rounds; round += 1n) play(builder, round, 10n);
    await builder.flush();
    return builder;
  }

  /** The same rounds with other amounts from one on: every chain and every sum is right. */
  async function rewriteFrom(rounds: bigint): Promise<void> {
    const builder = await rebuilt(rounds);
    for (let round = rounds; round < SEAL_COUNT; round += 1n) play(builder, round, 11n);
    await builder.flush();
  }

  async function entryOfAlice(factSequence: string): Promise<string> {
    const bucket = suite.builder.bucketOf('alice');
    const [fact] = await suite.sql<{ at: string }>(
      `select committed_at_ms as at from balance.facts where bucket = ${bucket} and sequence = ${factSequence}`,
    );
    return entryIdOf({ bucket, sequence: BigInt(factSequence) }, Number(fact?.at ?? 0), 1);
  }

  async function keep(name: string): Promise<void> {
    for (const table of [...BOOKS, ...SEALS])
      await suite.sql(`create table ${table}_${name} as table ${table}`);
  }

  async function restore(name: string, tables: readonly string[]): Promise<void> {
    for (const table of tables) {
      await suite.sql(`truncate ${table}; insert into ${table} select * from ${table}_${name}`);
    }
  }
});
