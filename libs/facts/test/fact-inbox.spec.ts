import { describe, expect, it } from '@jest/globals';
import { OutageError } from '@steelyard/platform/postgres';
import { propertyParameters } from '@steelyard/testing/seed';
import fc from 'fast-check';
import type { FactHandler } from '../src/inbox/index.js';
import { fact, factsOf } from './support/facts.js';
import { failingOn, noting, useInbox } from './support/use-inbox.js';

const suite = useInbox();

describe('the inbox of facts', () => {
  it('applies facts in order and remembers how far', async () => {
    const inbox = suite.inbox([noting()]);
    const outcome = await inbox.apply(7, factsOf(7, 1, 3));
    expect(outcome).toMatchObject({ through: 3n, duplicates: 0, buried: [] });
    expect(await suite.noted()).toEqual(['7-1', '7-2', '7-3']);
    expect(await inbox.positions()).toEqual(new Map([[7, 3n]]));
  });

  it('skips what was applied before, given again in any order', async () => {
    const inbox = suite.inbox([noting()]);
    await inbox.apply(7, factsOf(7, 1, 3));
    const again = await inbox.apply(7, [fact(7, 3n), fact(7, 4n), fact(7, 2n), fact(7, 4n), fact(7, 5n)]);
    expect(again).toMatchObject({ through: 5n, duplicates: 2 });
    expect(await suite.noted()).toEqual(['7-1', '7-2', '7-3', '7-4', '7-5']);
  });

  it('stops before a gap and says so', async () => {
    const inbox = suite.inbox([noting()]);
    const outcome = await inbox.apply(7, [fact(7, 1n), fact(7, 3n), fact(7, 4n)]);
    expect(outcome).toMatchObject({ through: 1n, obstacle: { reason: 'gap', nextGiven: 3n } });
    expect(await inbox.apply(7, factsOf(7, 5, 6))).toMatchObject({
      through: 1n,
      obstacle: { reason: 'gap', nextGiven: 5n },
    });
    expect(await suite.noted()).toEqual(['7-1']);
  });

  it('keeps a position for each bucket', async () => {
    const inbox = suite.inbox([noting()]);
    await Promise.all([inbox.apply(0, factsOf(0, 1, 2)), inbox.apply(63, factsOf(63, 1, 5))]);
    expect(await inbox.positions()).toEqual(
      new Map([
        [0, 2n],
        [63, 5n],
      ]),
    );
  });

  it('has one effect a fact when many deliver the same facts at once', async () => {
    const inbox = suite.inbox([noting()]);
    await Promise.all(Array.from({ length: 12 }, () => inbox.apply(3, factsOf(3, 1, 20))));
    expect(await suite.noted()).toEqual(factsOf(3, 1, 20).map(({ sequence }) => `3-${sequence}`));
  });

  it('undoes all handlers together', async () => {
    const inbox = suite.inbox([noting(), failingOn((sequence) => sequence === 1n)]);
    await inbox.apply(1, [fact(1, 1n)]);
    expect(await suite.noted()).toEqual([]);
  });

  it('ends with every fact once and in order, however they are cut, shuffled and repeated', async () => {
    const deliveries = fc.array(
      fc.record({ from: fc.integer({ min: 1, max: 30 }), length: fc.integer({ min: 1, max: 12 }) }),
      { minLength: 1, maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(deliveries, async (ranges) => {
        await suite.pool.query('truncate consumer.fact_inbox, consumer.notes');
        const inbox = suite.inbox([noting()]);
        await Promise.all(
          ranges.map(({ from, length }) => inbox.apply(5, factsOf(5, from, from + length - 1))),
        );
        const { through } = await inbox.apply(5, factsOf(5, 1, 45).reverse());
        expect(through).toBe(45n);
        expect(await suite.noted()).toEqual(factsOf(5, 1, 45).map(({ sequence }) => `5-${sequence}`));
      }),
      propertyParameters({ numRuns: 25 }),
    );
  });
});

describe('facts of several buckets', () => {
  it('take effect together, each bucket in its order', async () => {
    const inbox = suite.inbox([noting()]);
    await inbox.apply(4, factsOf(4, 1, 2));
    const given = [...factsOf(9, 1, 2), ...factsOf(4, 2, 3), fact(1, 1n), fact(1, 3n)];
    const outcomes = await inbox.applyAll(given.toReversed());
    expect(outcomes.get(1)).toMatchObject({ through: 1n, obstacle: { reason: 'gap', nextGiven: 3n } });
    expect(outcomes.get(4)).toMatchObject({ through: 3n, duplicates: 1 });
    expect(outcomes.get(4)?.applied.map(({ sequence }) => sequence)).toEqual([3n]);
    expect(outcomes.get(9)).toMatchObject({ through: 2n, duplicates: 0 });
    expect(await inbox.positions()).toEqual(
      new Map([
        [1, 1n],
        [4, 3n],
        [9, 2n],
      ]),
    );
    expect((await suite.noted()).filter((note) => note.startsWith('4-'))).toEqual(['4-1', '4-2', '4-3']);
  });

  it('come to a handler one bucket at a time, or all at once where it takes them so', async () => {
    const calls: string[][] = [];
    const recording = (name: string, takesManyBuckets: boolean): FactHandler => ({
      name,
      takesManyBuckets,
      apply: async (_, facts) =>
        void calls.push([name, ...facts.map((one) => `${one.bucket}-${one.sequence}`)]),
    });
    const inbox = suite.inbox([recording('single', false), recording('joint', true)]);
    await inbox.applyAll([...factsOf(1, 1, 2), ...factsOf(2, 1, 1)]);
    expect(calls).toEqual([
      ['single', '1-1', '1-2'],
      ['single', '2-1'],
      ['joint', '1-1', '1-2', '2-1'],
    ]);
  });

  it('suffer nothing from one bucket that fails, now or since before', async () => {
    const inbox = suite.inbox([noting(), failingOn((sequence, bucket) => bucket === 4 && sequence === 2n)]);
    const first = await inbox.applyAll([...factsOf(4, 1, 3), ...factsOf(5, 1, 3)]);
    expect(first.get(4)).toMatchObject({ through: 1n, obstacle: { reason: 'failing' } });
    expect(first.get(5)).toMatchObject({ through: 3n });
    const second = await inbox.applyAll([...factsOf(4, 2, 3), ...factsOf(5, 4, 6)]);
    expect(second.get(4)).toMatchObject({ through: 1n, obstacle: { reason: 'failing' } });
    expect(second.get(5)).toMatchObject({ through: 6n });
    expect(await suite.noted('failing')).toEqual(['4-1', '5-1', '5-2', '5-3', '5-4', '5-5', '5-6']);
  });

  it('have one effect each when many deliver them at once, in whatever company', async () => {
    const inbox = suite.inbox([noting()]);
    const buckets = [2, 7, 11];
    const company = (i: number) => buckets.filter((_, place) => i % buckets.length !== place);
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        inbox.applyAll(company(i).flatMap((bucket) => factsOf(bucket, 1, 10))),
      ),
    );
    const noted = await suite.noted();
    for (const bucket of buckets) {
      const own = noted.filter((note) => note.startsWith(`${bucket}-`));
      expect(own).toEqual(factsOf(bucket, 1, 10).map(({ sequence }) => `${bucket}-${sequence}`));
    }
  });
});

describe('a fact that cannot be applied', () => {
  const isBad = (sequence: bigint) => sequence === 6n;

  it('keeps its bucket waiting behind all facts before it, and no other bucket', async () => {
    const inbox = suite.inbox([failingOn(isBad)]);
    const outcome = await inbox.apply(2, factsOf(2, 1, 10));
    expect(outcome).toMatchObject({
      through: 5n,
      obstacle: { reason: 'failing', retryAtMs: suite.nowMs + 100, failure: { handler: 'failing' } },
    });
    expect(outcome.applied.map(({ sequence }) => sequence)).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(await suite.noted('failing')).toEqual(['2-1', '2-2', '2-3', '2-4', '2-5']);
    expect(await inbox.apply(4, factsOf(4, 1, 2))).toMatchObject({ through: 2n });
  });

  it('is not tried again before its time, by whichever process', async () => {
    await suite.inbox([failingOn(isBad)]).apply(2, factsOf(2, 1, 10));
    suite.nowMs += 99;
    const other = await suite.inbox([noting()]).apply(2, factsOf(2, 6, 10));
    expect(other).toMatchObject({ through: 5n, applied: [], obstacle: { reason: 'failing' } });
    suite.nowMs += 1;
    expect(await suite.inbox([noting()]).apply(2, factsOf(2, 6, 10))).toMatchObject({ through: 10n });
  });

  it('waits longer after each attempt, counted over processes, and becomes a dead letter after the last', async () => {
    const deliver = () => suite.inbox([noting(), failingOn(isBad)]).apply(2, factsOf(2, 1, 10));
    await deliver();
    suite.nowMs += 100;
    expect(await deliver()).toMatchObject({ obstacle: { retryAtMs: suite.nowMs + 200 } });
    suite.nowMs += 200;
    const last = await deliver();
    expect(last).toMatchObject({ through: 10n, buried: [{ handler: 'failing', fact: { sequence: 6n } }] });
    expect(last.obstacle).toBeUndefined();
    expect(await suite.noted('failing')).toEqual([
      '2-1',
      '2-2',
      '2-3',
      '2-4',
      '2-5',
      '2-7',
      '2-8',
      '2-9',
      '2-10',
    ]);
    const { rows } = await suite.pool.query(
      'select bucket, sequence, handler, error, attempts from consumer.fact_dead_letters',
    );
    expect(rows).toEqual([
      { bucket: 2, sequence: 6n, handler: 'failing', error: 'TypeError: cannot digest 2-6', attempts: 3 },
    ]);
  });

  it('takes effect with the handlers that do not fail on it', async () => {
    const inbox = suite.inbox([failingOn(isBad), noting()], { attemptsMax: 1 });
    await inbox.apply(2, factsOf(2, 1, 10));
    expect(await suite.noted('notes')).toContain('2-6');
    expect(await suite.noted('failing')).not.toContain('2-6');
  });

  it('is one of many: each is found and stepped over', async () => {
    const everyThird = (sequence: bigint) => sequence % 3n === 0n;
    const inbox = suite.inbox([failingOn(everyThird)], { attemptsMax: 1 });
    const outcome = await inbox.apply(9, factsOf(9, 1, 30));
    expect(outcome).toMatchObject({ through: 30n });
    expect(outcome.buried).toHaveLength(10);
    expect(await suite.noted('failing')).toHaveLength(20);
  });

  it('is one that takes longer than a statement may, every time: its bucket goes on behind it', async () => {
    const slow: FactHandler = {
      name: 'slow',
      apply: async (transaction, facts, afterCommit) => {
        await noting('slow').apply(transaction, facts, afterCommit);
        await transaction.query(`set local statement_timeout = '100ms'`);
        if (facts.some(({ sequence }) => isBad(sequence))) await transaction.query('select pg_sleep(30)');
      },
    };
    const deliver = () => suite.inbox([noting(), slow], { attemptsMax: 2 }).apply(2, factsOf(2, 1, 10));
    expect(await deliver()).toMatchObject({
      through: 5n,
      obstacle: { reason: 'failing', failure: { handler: 'slow', fact: { sequence: 6n } } },
    });
    suite.nowMs += 100;
    expect(await deliver()).toMatchObject({ through: 10n, buried: [{ handler: 'slow' }] });
    expect(await suite.noted('notes')).toHaveLength(10);
    expect(await suite.noted('slow')).toHaveLength(9);
    const { rows } = await suite.pool.query('select sequence, error from consumer.fact_dead_letters');
    expect(rows).toEqual([{ sequence: 6n, error: expect.stringContaining('OutageError') }]);
    expect(await suite.deadLetters([slow]).redeliver()).toMatchObject({
      applied: 0,
      failures: [{ handler: 'slow' }],
    });
  });

  it('is not one whose statement is ended together with its connection: that is an outage', async () => {
    const cut: FactHandler = {
      name: 'cut',
      apply: async (transaction) => {
        const { rows } = await transaction.query<{ pid: number }>('select pg_backend_pid() as pid');
        const sleeping = transaction.query('select pg_sleep(30)').catch((error: unknown) => error);
        await suite.pool.query('select pg_cancel_backend($1)', [rows[0]?.pid]);
        const canceled = await sleeping;
        await suite.pool.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
        throw canceled;
      },
    };
    const inbox = suite.inbox([cut], { attemptsMax: 1 });
    await expect(inbox.apply(2, factsOf(2, 1, 3))).rejects.toThrow(OutageError);
    expect(await suite.deadLetters([]).count()).toBe(0n);
    expect(await inbox.positions()).toEqual(new Map());
  });

  it('is not to blame for an outage: that is thrown, and counts as no attempt', async () => {
    const away: FactHandler = {
      name: 'away',
      apply: () => Promise.reject(new OutageError('the database is away')),
    };
    const inbox = suite.inbox([noting(), away], { attemptsMax: 1 });
    await expect(inbox.apply(2, factsOf(2, 1, 3))).rejects.toThrow(OutageError);
    expect(await suite.noted()).toEqual([]);
    expect(await suite.inbox([noting()]).apply(2, factsOf(2, 1, 3))).toMatchObject({ through: 3n });
    expect(await suite.deadLetters([]).count()).toBe(0n);
  });
});

describe('a dead letter', () => {
  async function buryTheSixth(): Promise<void> {
    const inbox = suite.inbox([noting(), failingOn((sequence) => sequence === 6n)], { attemptsMax: 1 });
    await inbox.apply(2, [...factsOf(2, 1, 5), fact(2, 6n, { dataJson: '{"seat":4}' })]);
  }

  it('is given to its handler again, whole, takes effect once and is gone', async () => {
    await buryTheSixth();
    const given: unknown[] = [];
    const mended: FactHandler = {
      name: 'failing',
      apply: async (transaction, facts, afterCommit) => {
        given.push(...facts);
        await noting('failing').apply(transaction, facts, afterCommit);
      },
    };
    const letters = suite.deadLetters([mended, noting()]);
    const results = await Promise.all([letters.redeliver(), letters.redeliver()]);
    expect(results.map(({ applied }) => applied).sort()).toEqual([0, 1]);
    expect(given).toEqual([fact(2, 6n, { dataJson: '{"seat":4}' })]);
    expect(await suite.noted('failing')).toEqual(['2-1', '2-2', '2-3', '2-4', '2-5', '2-6']);
    expect(await suite.noted('notes')).toHaveLength(6);
    expect(await letters.count()).toBe(0n);
  });

  it('stays when it fails again, with what it failed with', async () => {
    await buryTheSixth();
    const stillFailing = failingOn((sequence) => sequence === 6n);
    const letters = suite.deadLetters([stillFailing]);
    suite.nowMs += 1_000;
    expect(await letters.redeliver()).toMatchObject({ applied: 0, failures: [{ handler: 'failing' }] });
    const { rows } = await suite.pool.query('select attempts, failed_at_ms from consumer.fact_dead_letters');
    expect(rows).toEqual([{ attempts: 2, failed_at_ms: BigInt(suite.nowMs) }]);
  });

  it('is announced once it has taken effect, and no earlier attempt is', async () => {
    const announced: string[] = [];
    const announcing = (isBad: boolean): FactHandler => ({
      name: 'failing',
      apply: async (_transaction, facts, afterCommit) => {
        for (const { sequence } of facts) afterCommit(() => announced.push(`2-${sequence}`));
        if (isBad && facts.some(({ sequence }) => sequence === 2n)) throw new TypeError('cannot');
      },
    });
    await suite.inbox([announcing(true)], { attemptsMax: 1 }).apply(2, factsOf(2, 1, 3));
    expect(announced).toEqual(['2-1', '2-3']);
    await suite.deadLetters([announcing(false)]).redeliver();
    expect(announced).toEqual(['2-1', '2-3', '2-2']);
  });

  it('is left alone when this release has no such handler', async () => {
    await buryTheSixth();
    const letters = suite.deadLetters([noting()]);
    expect(await letters.redeliver()).toEqual({ applied: 0, failures: [] });
    expect(await letters.count()).toBe(1n);
  });
});
