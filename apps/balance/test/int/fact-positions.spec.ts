import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@steelyard/testing/wait';
import { setTimeout as delay } from 'node:timers/promises';
import { FactPositionsRepository } from '../../src/infrastructure/postgres/fact-positions.repository.js';
import * as commands from '../support/commands.js';
import { testEngine } from '../support/test-engine.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

const LEASE_MS = 600_000;
const ATTEMPT_MS = 1_000;

const database = useBalanceDatabase();
const unlogged: unknown[] = [];
const positionsOf = (owner: string, leaseMs = LEASE_MS): FactPositionsRepository =>
  new FactPositionsRepository(database.connections.pool, {
    owner,
    leaseMs,
    attemptMaxMs: ATTEMPT_MS,
    onLogFailed: (error) => unlogged.push(error),
  });
const one = { bucket: 0, consumer: 'ledger' };
const moved = { ...one, from: 0n, to: 1n, keepsLease: true };

interface Row {
  bucket: number;
  consumer: string;
  sequence: bigint;
  owner: string | null;
  failures: number;
}
const rows = async (): Promise<Row[]> =>
  (
    await database.superuser.query<Row>(
      'select bucket, consumer, sequence, owner, failures from balance.fact_positions order by 2, 1',
    )
  ).rows;

beforeEach(async () => {
  await database.superuser.query('delete from balance.fact_positions; delete from balance.fact_deliveries');
  // Three facts in each bucket that there is something to deliver of.
  await database.superuser.query('update balance.heads set sequence = 3 where bucket < 2');
});

describe('FactPositionsRepository', () => {
  it('begins before the first fact, once, and leaves what there is', async () => {
    const positions = positionsOf('a');
    await positions.open(['ledger']);
    await positions.claim([one]);
    await positions.move([moved]);
    await Promise.all([
      positionsOf('b').open(['ledger', 'analytics']),
      positions.open(['analytics', 'ledger']),
    ]);
    const all = await rows();
    expect(all).toHaveLength(2 * database.buckets);
    expect(all.filter(({ sequence }) => sequence !== 0n)).toMatchObject([{ ...one, sequence: 1n }]);
  });

  it('shows places that are behind, those of other consumers and of leases of others left out', async () => {
    const [a, b] = [positionsOf('a'), positionsOf('b')];
    await a.open(['ledger', 'analytics']);
    expect(await a.due(['ledger'])).toEqual([
      { ...one, sequence: 0n, failures: 0, lacking: 3n, isLeased: false },
      { ...one, bucket: 1, sequence: 0n, failures: 0, lacking: 3n, isLeased: false },
    ]);
    await a.claim([one]);
    expect(await a.due(['ledger'])).toMatchObject([
      { bucket: 1, isLeased: false },
      { bucket: 0, isLeased: true },
    ]);
    expect(await b.due(['ledger'])).toMatchObject([{ bucket: 1 }]);
    await a.move([{ ...moved, to: 3n }]);
    expect(await a.due(['ledger'])).toMatchObject([{ bucket: 1 }]);
  });

  it('gives a place to one of many who want it at once', async () => {
    await positionsOf('a').open(['ledger']);
    const places = Array.from({ length: database.buckets }, (_, bucket) => ({ ...one, bucket }));
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        positionsOf(`owner ${i}`).claim(i % 2 ? places : places.toReversed()),
      ),
    );
    const claimed = claims.flat().map(({ bucket }) => bucket);
    expect(claimed.toSorted()).toEqual(places.map(({ bucket }) => bucket));
    expect((await rows()).every(({ owner }) => owner !== null)).toBe(true);
  });

  it('gives a place to another when the lease has ended', async () => {
    const [a, b] = [positionsOf('a'), positionsOf('b')];
    const [kept, ended] = [{ ...one, bucket: 1 }, one];
    await a.open(['ledger']);
    expect(await a.claim([kept])).toHaveLength(1);
    expect(await positionsOf('a', 1).claim([ended])).toHaveLength(1);
    await eventually(async () => expect(await b.claim([kept, ended])).toMatchObject([ended]));
    expect(await b.claim([kept])).toEqual([]);
    expect(await a.move([moved])).toEqual([false]);
    expect(await b.move([moved])).toEqual([true]);
  });

  it('moves only from where it was, and only what is leased', async () => {
    const positions = positionsOf('a');
    await positions.open(['ledger']);
    const other = { ...moved, bucket: 1 };
    expect(await positions.move([moved])).toEqual([false]);
    await positions.claim([one, other]);
    expect(await positions.move([moved, { ...other, from: 7n, to: 8n }])).toEqual([true, false]);
    expect(await positions.move([moved])).toEqual([false]);
    // Back, too: a consumer may have been restored.
    expect(await positions.move([{ ...moved, from: 1n, to: 0n, keepsLease: false }])).toEqual([true]);
    expect((await rows())[0]).toMatchObject({ sequence: 0n, owner: null });
  });

  it('leaves a place alone after a failure, and not when the pause is ended', async () => {
    const positions = positionsOf('a');
    const failed = {
      ...one,
      afterSequence: 0n,
      facts: 3,
      attempt: 1,
      pauseMs: LEASE_MS,
      reason: 'it was away',
    };
    await positions.open(['ledger']);
    await positions.claim([one]);
    await positions.fail(failed);
    expect((await rows())[0]).toMatchObject({ failures: 1, owner: null });
    expect(await positions.due(['ledger'])).toMatchObject([{ bucket: 1 }]);
    await positions.endPauses('ledger');
    expect(await positions.due(['ledger'])).toMatchObject([{ bucket: 1 }, { bucket: 0, failures: 1 }]);
  });

  it('logs the failures of a row that double, whatever their reason', async () => {
    const positions = positionsOf('a');
    await positions.open(['ledger']);
    const failed = { ...one, afterSequence: 0n, facts: 3, pauseMs: 1, reason: 'x'.repeat(5_000) };
    for (let attempt = 1; attempt <= 9; attempt++) {
      await positions.fail({ ...failed, attempt });
      await delay(2);
    }
    const { rows: logged } = await database.superuser.query<{
      attempt: number;
      length: number;
      facts: number;
    }>('select attempt, facts, length(reason) as length from balance.fact_deliveries order by attempt');
    expect(logged).toEqual([1, 2, 4, 8].map((attempt) => ({ attempt, facts: 3, length: 500 })));
    expect(unlogged).toEqual([]);
  });

  it('gives back all of its own leases, and none of others', async () => {
    const [a, b] = [positionsOf('a'), positionsOf('b')];
    await a.open(['ledger']);
    await a.claim([one, { ...one, bucket: 1 }]);
    await b.claim([{ ...one, bucket: 2 }]);
    const owners = async () => (await rows()).slice(0, 3).map(({ owner }) => owner);
    expect(await owners()).toEqual(['a', 'a', 'b']);
    await a.releaseAll();
    expect(await owners()).toEqual([null, null, 'b']);
  });

  it('does not let the service remove what it has noted', async () => {
    const { pool } = database.connections;
    for (const table of ['fact_positions', 'fact_deliveries']) {
      await expect(pool.query(`delete from balance.${table}`)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(pool.query('update balance.fact_deliveries set facts = 0')).rejects.toMatchObject({
      code: '42501',
    });
  });
});

describe('FactPositionsRepository.lags', () => {
  const books = useBalanceDatabase();

  it('tells how many facts each consumer lacks and how old the oldest is', async () => {
    const { pool } = books.connections;
    const settings = {
      owner: 'a',
      leaseMs: LEASE_MS,
      attemptMaxMs: ATTEMPT_MS,
      onLogFailed: () => undefined,
    };
    const positions = new FactPositionsRepository(pool, settings);
    await positions.open(['ledger', 'analytics']);
    const lags = async () =>
      (await positions.lags(['ledger', 'analytics'])).toSorted((a, b) => (a.consumer < b.consumer ? -1 : 1));
    expect(await lags()).toEqual([
      { consumer: 'analytics', facts: 0n, ageMs: 0 },
      { consumer: 'ledger', facts: 0n, ageMs: 0 },
    ]);
    const { execute } = testEngine(books.connections);
    await execute(commands.submission(commands.open('lagging'), books.buckets));
    const due = await positions.due(['ledger']);
    const place = due[0];
    if (place === undefined) throw new Error('nothing is due');
    await delay(30);
    await positions.claim([place]);
    await positions.move([{ ...place, from: 0n, to: 1n, keepsLease: false }]);
    const [analytics, ledger] = await lags();
    expect(analytics?.facts).toBe(1n);
    expect(analytics?.ageMs).toBeGreaterThanOrEqual(30);
    expect(analytics?.ageMs).toBeLessThan(30_000);
    expect(ledger).toEqual({ consumer: 'ledger', facts: 0n, ageMs: 0 });
  });
});
