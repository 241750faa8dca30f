import { beforeAll, describe, expect, it } from '@jest/globals';
import { bucketOf } from '@steelyard/domain/accounts';
import { withSeed } from '@steelyard/testing/seed';
import { FactIntegrityError, type FactStretch } from '../../src/application/read-facts/fact-tail.port.js';
import { FactTailRepository } from '../../src/infrastructure/postgres/fact-tail.repository.js';
import { SharedFactTail } from '../../src/infrastructure/postgres/shared-fact-tail.js';
import type { PostgresPostingStorage } from '../../src/infrastructure/postgres/postgres-posting-storage.js';
import * as commands from '../support/commands.js';
import { decideOn } from '../support/decider.js';
import { Gate } from '../support/gated-storage.js';
import { testEngine, testStorage, type TestEngine } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

const LIMITS = { factsMax: 1_000, bytesMax: 1024 * 1024 };

const database = useBalanceDatabase();
let tail: FactTailRepository;
let engine: TestEngine;
let storage: PostgresPostingStorage;
const submit = (command: Parameters<typeof commands.submission>[0]) =>
  commands.submission(command, database.buckets);
const bucketFor = (accountId: string): number => bucketOf(accountId, database.buckets);

beforeAll(() => {
  tail = new FactTailRepository(database.connections.pool);
  engine = testEngine(database.connections);
  storage = testStorage(database.connections);
});

/** An account of a bucket, of a space of its own. */
function accountIn(bucket: number, id: (name: string) => string): string {
  for (let i = 0; i < 1_000; i++) if (bucketFor(id(`a${i}`)) === bucket) return id(`a${i}`);
  throw new Error(`no account of bucket ${bucket} was found`);
}

async function headOf(bucket: number): Promise<bigint> {
  return (await tail.read(bucket, 2n ** 53n, LIMITS)).headSequence;
}

/** The facts after a place, in one read. */
const read = (bucket: number, after: bigint): Promise<FactStretch> => tail.read(bucket, after, LIMITS);

describe('FactTailRepository', () => {
  it('tells a transaction over two buckets in both, each with its own entries', async () => {
    const [alice, bob] = commands.inTwoBuckets(commands.accountIds(), database.buckets);
    await engine.execute(submit(commands.deposit(alice, 100n)));
    await engine.execute(submit(commands.deposit(bob, 7n)));
    const places = [bucketFor(alice), bucketFor(bob)] as const;
    const before = [await headOf(places[0]), await headOf(places[1])] as const;
    const details = { metadata: { note: 'ä' } };
    const command = commands.transfer([alice, bob], 30n, { details });
    const [answer] = await engine.execute(
      commands.submission(command, database.buckets, { key: 'the transfer' }),
    );
    if (answer?.outcome.kind !== 'transaction') throw new Error('the transfer was refused');
    const { transactionId, entries, committedAtMs } = answer.outcome.transaction;

    const [home] = (await read(places[0], before[0])).facts;
    const [leg] = (await read(places[1], before[1])).facts;
    const shared = { kind: 'TRANSFER', factId: transactionId, committedAtMs: BigInt(committedAtMs) };
    expect(home).toMatchObject({
      ...shared,
      bucket: places[0],
      sequence: before[0] + 1n,
      idempotencyKey: 'the transfer',
      home: undefined,
      legs: [{ bucket: places[1], sequence: before[1] + 1n }],
      entries: [
        {
          accountId: alice,
          entryId: entries[0]?.entryId,
          currency: 'CHIPS',
          amount: -30n,
          balanceBefore: 100n,
          balanceAfter: 70n,
          sequence: 2n,
        },
      ],
    });
    expect(home?.entries[0]?.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.parse(home?.dataJson ?? '')).toMatchObject({ note: 'ä' });
    expect(leg).toMatchObject({
      ...shared,
      bucket: places[1],
      sequence: before[1] + 1n,
      idempotencyKey: '',
      home: { bucket: places[0], sequence: before[0] + 1n },
      legs: [],
      entries: [
        { accountId: bob, entryId: entries[1]?.entryId, amount: 30n, balanceBefore: 7n, balanceAfter: 37n },
      ],
    });
  });

  it('tells what moves no value without entries', async () => {
    const id = commands.accountIds();
    const account = id('quiet');
    const before = await headOf(bucketFor(account));
    await engine.execute(submit(commands.open(account)));
    const { facts } = await read(bucketFor(account), before);
    expect(facts).toMatchObject([{ kind: 'ACCOUNT_OPENED', entries: [], legs: [], sequence: before + 1n }]);
    expect(JSON.parse(facts[0]?.dataJson ?? '')).toMatchObject({ after: { accountId: account } });
  });

  it('shows nothing of a transaction over several buckets before it commits, whoever commits before it', async () => {
    const id = commands.accountIds();
    const [first, second, other] = [0, 1, 2].map((bucket) => accountIn(bucket, id));
    if (!first || !second || !other) throw new Error('three buckets are needed');
    await engine.execute(...[first, second, other].map((account) => submit(commands.deposit(account, 50n))));
    const before = await Promise.all([0, 1, 2].map(headOf));
    const held = await decideOn(storage, [submit(commands.transfer([first, second], 5n))]);
    const gate = new Gate();
    const slow = testStorage(await database.connect());
    const committing = slow.withLockedHeads(
      [...new Set(held.writeSet.heads.map(({ bucket }) => bucket))],
      async (_heads, transaction) => {
        await transaction.write(held.writeSet);
        await gate.pass();
      },
    );
    await gate.arrival;
    // Committed later than the other was written, and there before it.
    const rival = testEngine(await database.connect());
    await rival.execute(submit(commands.update(other, { tier: 'gold' })));
    await rival.execute(submit(commands.update(other, { tier: 'lead' })));
    expect((await read(0, before[0] ?? 0n)).facts).toEqual([]);
    expect((await read(1, before[1] ?? 0n)).facts).toEqual([]);
    expect((await read(2, before[2] ?? 0n)).facts).toMatchObject([
      { kind: 'ACCOUNT_UPDATED', sequence: (before[2] ?? 0n) + 1n },
      { kind: 'ACCOUNT_UPDATED', sequence: (before[2] ?? 0n) + 2n },
    ]);
    gate.open();
    await committing;
    expect((await read(0, before[0] ?? 0n)).facts).toMatchObject([
      { kind: 'TRANSFER', sequence: (before[0] ?? 0n) + 1n },
    ]);
    expect((await read(1, before[1] ?? 0n)).facts).toMatchObject([
      { kind: 'TRANSFER', sequence: (before[1] ?? 0n) + 1n },
    ]);
  });

  it('follows every bucket without gaps while several processes post across them', () =>
    withSeed(async (random) => {
      const id = commands.accountIds();
      const accounts = Array.from({ length: 24 }, (_, i) => id(`p${i}`));
      await engine.execute(...accounts.map((account) => submit(commands.deposit(account, 1_000n))));
      const rivals = [
        engine,
        testEngine(await database.connect(2), { lanes: 2 }),
        testEngine(await database.connect()),
      ];
      const buckets = Array.from({ length: database.buckets }, (_, bucket) => bucket);
      const seen = await Promise.all(buckets.map(headOf));
      const underWay = new Set(rivals);
      const posting = Promise.all(
        rivals.map(async (rival) => {
          for (let i = 0; i < 60; i++) {
            const [from, to] = [random.integer(0, 23), random.integer(0, 23)];
            if (from === to) continue;
            await rival.execute(submit(commands.transfer([accounts[from] ?? '', accounts[to] ?? ''], 1n)));
          }
          underWay.delete(rival);
        }),
      );
      const follow = async (): Promise<void> => {
        for (const bucket of buckets) {
          const after = seen[bucket] ?? 0n;
          const stretch = await tail.read(bucket, after, { ...LIMITS, factsMax: 3 });
          expect(stretch.facts.map(({ sequence }) => sequence)).toEqual(
            stretch.facts.map((_, i) => after + 1n + BigInt(i)),
          );
          seen[bucket] = stretch.facts.at(-1)?.sequence ?? after;
          expect(seen[bucket]).toBeLessThanOrEqual(stretch.headSequence);
        }
      };
      while (underWay.size > 0) await follow();
      await posting;
      for (let i = 0; i < 200; i++) await follow();
      expect(seen).toEqual(await Promise.all(buckets.map(headOf)));
    }));

  it('takes no more than it is asked for, in facts and in bytes, but one fact in any case', async () => {
    const account = commands.accountIds()('large');
    const bucket = bucketFor(account);
    const before = await headOf(bucket);
    const details = { metadata: { text: 'x'.repeat(2_000) } };
    for (let i = 0; i < 6; i++) await engine.execute(submit(commands.deposit(account, 1n, { details })));
    const count = async (factsMax: number, bytesMax: number) =>
      (await tail.read(bucket, before, { factsMax, bytesMax })).facts.length;
    expect(await count(3, 1_000_000)).toBe(3);
    expect(await count(100, 1)).toBe(1);
    const some = await count(100, 5_500);
    expect(some).toBeGreaterThan(1);
    expect(some).toBeLessThan(5);
  });

  it('tells the heads of all buckets', async () => {
    const { heads } = await tail.heads();
    expect(heads.map(({ bucket }) => bucket)).toEqual(Array.from({ length: database.buckets }, (_, i) => i));
    expect(heads[0]?.sequence).toBe(await headOf(0));
  });
});

describe('FactTailRepository on damaged books', () => {
  const damaged = async (statement: string, after = 0n): Promise<unknown> => {
    const client = await database.superuser.connect();
    try {
      await client.query('begin');
      await client.query(statement);
      // Only this connection sees the damage, and takes it back.
      const pool = { query: client.query.bind(client) } as unknown as typeof database.superuser;
      return await new FactTailRepository(pool).read(0, after, LIMITS).catch((error: unknown) => error);
    } finally {
      await client.query('rollback');
      client.release();
    }
  };

  beforeAll(async () => {
    const account = accountIn(0, commands.accountIds());
    for (let i = 0; i < 5; i++) await engine.execute(submit(commands.deposit(account, 1n)));
  });

  it.each([
    [
      'a fact in between is missing',
      'delete from balance.facts where bucket = 0 and sequence = 3',
      'fact 3 of bucket 0: it is missing',
    ],
    [
      'the first is missing',
      'delete from balance.facts where bucket = 0 and sequence = 1',
      'fact 1 of bucket 0',
    ],
    ['all are missing', 'delete from balance.facts where bucket = 0', 'and the head is'],
    [
      'a fact lies behind the head',
      'update balance.heads set sequence = 2 where bucket = 0',
      'behind the head 2',
    ],
    [
      'a kind is unknown',
      'update balance.facts set kind = 99 where bucket = 0 and sequence = 2',
      'unknown kind 99',
    ],
    ['the head is missing', 'delete from balance.heads where bucket = 0', 'has no head'],
    ['an account is gone', 'delete from balance.accounts where bucket = 0', 'of its entry is gone'],
  ])('says so when %s', async (_what, statement, message) => {
    const failure = await damaged(statement);
    expect(failure).toBeInstanceOf(FactIntegrityError);
    expect(String(failure)).toContain(message);
  });

  it('says so when the last facts are missing', async () => {
    const head = await headOf(0);
    const failure = await damaged(
      `delete from balance.facts where bucket = 0 and sequence = ${head}`,
      head - 1n,
    );
    expect(String(failure)).toContain(`fact ${head} of bucket 0: it is missing, and the head is ${head}`);
  });
});

describe('SharedFactTail', () => {
  it('reads a stretch once for those who ask for the same, and anew what was empty', async () => {
    let reads = 0;
    class Counted extends FactTailRepository {
      override readMany(...request: Parameters<FactTailRepository['readMany']>) {
        reads += 1;
        return super.readMany(...request);
      }
    }
    const shared = new SharedFactTail(new Counted(database.connections.pool));
    const account = accountIn(1, commands.accountIds());
    await engine.execute(submit(commands.deposit(account, 1n)));
    const head = await headOf(1);
    const [one, other] = await Promise.all([
      shared.read(1, head - 1n, LIMITS),
      shared.read(1, head - 1n, LIMITS),
    ]);
    expect(one.facts).toBe(other.facts);
    expect(reads).toBe(1);
    expect((await shared.read(1, head, LIMITS)).facts).toEqual([]);
    await engine.execute(submit(commands.deposit(account, 1n)));
    expect((await shared.read(1, head, LIMITS)).facts).toHaveLength(1);
    expect(reads).toBe(3);
  });

  it('reads what is asked for in one turn together, each from its own place', async () => {
    const shared = new SharedFactTail(new FactTailRepository(database.connections.pool));
    const accounts = [0, 1, 2].map((bucket) => accountIn(bucket, commands.accountIds()));
    await engine.execute(...accounts.map((account) => submit(commands.deposit(account, 1n))));
    const heads = await Promise.all([0, 1, 2].map(headOf));
    const places = [0, 1, 2, 0].map((bucket, i) => ({
      bucket,
      after: (heads[bucket] ?? 0n) - BigInt(i % 3),
    }));
    const stretches = await Promise.all(
      places.map(({ bucket, after }) => shared.read(bucket, after, LIMITS)),
    );
    stretches.forEach(({ facts, headSequence }, i) => {
      const { bucket, after } = places[i] ?? { bucket: -1, after: 0n };
      expect(headSequence).toBe(heads[bucket]);
      expect(facts.map((fact) => [fact.bucket, fact.sequence])).toEqual(
        Array.from({ length: Number(headSequence - after) }, (_, n) => [bucket, after + 1n + BigInt(n)]),
      );
    });
  });

  it('keeps the damage of one bucket from the others', async () => {
    const shared = new SharedFactTail(new FactTailRepository(database.connections.pool));
    const readings = await Promise.allSettled([shared.read(1, 0n, LIMITS), shared.read(1_000, 0n, LIMITS)]);
    expect(readings.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});
