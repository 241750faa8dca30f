import { beforeAll, describe, expect, it } from '@jest/globals';
import { replayHint, seededRandom } from '@steelyard/testing/seed';
import { ChainRepository } from '../../src/infrastructure/postgres/chain.repository.js';
import { CHAINS_AT_INSTANTS, searchByTime } from '../../src/infrastructure/postgres/instant-search.sql.js';
import { granted } from '../support/granted.js';
import { useLedger } from '../support/use-ledger.js';

const BEGIN_MS = Date.UTC(2026, 4, 1);
const ENTRIES = 300;
/** What halving would take. */
const HALVINGS = Math.ceil(Math.log2(ENTRIES + 1));
const WORLD = '@world/CZK';
const DAY_MS = 86_400_000;
/** Times of an account that are not those of its entries, up to what the column holds. */
const WRONG_TIMES = [
  [0n, 0n],
  [BigInt(BEGIN_MS), BigInt(BEGIN_MS + 400 * DAY_MS)],
  [9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n],
  [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
] as const;

const STEPS = `with recursive ${searchByTime(CHAINS_AT_INSTANTS)} select count(*)::int - 1 as steps from search`;

describe(`the search for an instant where time does not pass evenly (${replayHint()})`, () => {
  const suite = useLedger(4);
  const random = seededRandom();
  /** Milliseconds from one entry to the next: the account's name says how they are spread. */
  const gaps: Readonly<Record<string, (index: number) => number>> = {
    even: () => 1_000,
    random: () => random.integer(0, 2_000),
    bursts: (index) => (index % 60 === 0 ? random.integer(1, 30) * DAY_MS : random.integer(0, 2)),
    'one-burst': () => 0,
    'old-first': (index) => (index === 1 ? 300 * DAY_MS : 3),
    'late-last': (index) => (index === ENTRIES - 1 ? 300 * DAY_MS : 3),
    doubling: (index) => Math.floor(2 ** (index / 9)),
    halving: (index) => Math.floor(2 ** ((ENTRIES - index) / 9)),
  };
  const times = new Map<string, readonly number[]>();

  beforeAll(async () => {
    for (const [accountId, gapAt] of Object.entries(gaps)) times.set(accountId, timesOf(gapAt));
    const posts = [...times].flatMap(([accountId, at]) => at.map((atMs) => ({ accountId, atMs })));
    posts.sort((one, other) => one.atMs - other.atMs);
    times.set(
      WORLD,
      posts.map(({ atMs }) => atMs),
    );
    for (const { accountId, atMs } of posts) suite.builder.deposit(accountId, 1n, { atMs });
    await suite.builder.flush();
  });

  it.each(Object.keys(gaps))('finds the last entry beside every entry: %s', async (accountId) => {
    expect(await boundsOf(accountId)).toEqual(replayOf(accountId));
  });

  it('adds up the chains of an account of the platform, by either clock', async () => {
    const instants = [...instantsOf(WORLD)].filter(() => random.chance(0.02));
    for (const atMs of [BEGIN_MS - 1, 0, BEGIN_MS + 4_000 * DAY_MS, ...instants]) {
      const entries = (times.get(WORLD) ?? []).filter((time) => time <= atMs).length;
      for (const clock of ['committed', 'effective'] as const) {
        const asked = { accountId: WORLD, atMs: BigInt(atMs), clock };
        const found = await granted(suite.ledger.getBalanceAt.execute(asked));
        expect({ atMs, clock, ...found }).toMatchObject({
          currency: 'CZK',
          balance: BigInt(-entries),
          sequence: BigInt(entries),
        });
      }
    }
  });

  it('takes no more than two steps more than halving', async () => {
    for (const accountId of Object.keys(gaps)) {
      expect(await stepsMax(accountId)).toBeLessThanOrEqual(HALVINGS + 2);
    }
  });

  it('takes fewer steps than halving where times are about even, and one behind the last entry', async () => {
    expect(await stepsMax('even')).toBeLessThan(HALVINGS);
    expect(await stepsAt('even', BEGIN_MS + ENTRIES * 1_000)).toBe(1);
    expect(await stepsAt('even', BEGIN_MS - 1)).toBe(1);
  });

  it('finds the same when the times of the account are wrong', async () => {
    for (const [opened, changed] of WRONG_TIMES) {
      await suite.sql('update balance.accounts set created_at_ms = $1, updated_at_ms = $2', [
        opened.toString(),
        changed.toString(),
      ]);
      for (const accountId of Object.keys(gaps)) {
        expect(await boundsOf(accountId)).toEqual(replayOf(accountId));
        expect(await stepsMax(accountId)).toBeLessThanOrEqual(HALVINGS + 2);
      }
    }
  });

  it('finds the last entry when the account claims more entries than any chain can have', async () => {
    const accountId = 'random';
    const asked = { accountId, atMs: BigInt(BEGIN_MS + 4_000 * DAY_MS) };
    const claim = 'update balance.accounts set sequence = $1 where account_id = $2';
    await suite.sql(claim, ['9223372036854775807', accountId]);
    for (const clock of ['committed', 'effective'] as const) {
      expect(await granted(suite.ledger.getBalanceAt.execute({ ...asked, clock }))).toMatchObject({
        balance: BigInt(ENTRIES),
        sequence: BigInt(ENTRIES),
      });
    }
    await suite.sql(claim, [ENTRIES, accountId]);
  });

  it('ends when facts and entries are gone, at an entry that is early enough', async () => {
    await suite.sql('delete from balance.facts where sequence % 3 = 1 or sequence between 100 and 200');
    await suite.sql('delete from ledger.entries where sequence % 7 = 3');
    for (const accountId of Object.keys(gaps)) {
      const instants = instantsOf(accountId);
      const sequences = await boundsOf(accountId);
      expect(sequences).toHaveLength(instants.length);
      instants.forEach((atMs, index) => {
        const sequence = sequences[index] ?? -1n;
        const time = sequence === 0n ? -Infinity : times.get(accountId)?.[Number(sequence) - 1];
        expect(time).toBeLessThanOrEqual(atMs);
      });
      expect(await stepsMax(accountId)).toBeLessThanOrEqual(HALVINGS + 2);
    }
  });

  function timesOf(gapAt: (index: number) => number): readonly number[] {
    let atMs = BEGIN_MS;
    return Array.from({ length: ENTRIES }, (_, index) => (index === 0 ? atMs : (atMs += gapAt(index))));
  }

  /** Before, at and after every entry, and far from all of them. */
  function instantsOf(accountId: string): readonly number[] {
    const beside = (times.get(accountId) ?? []).flatMap((atMs) => [atMs - 1, atMs, atMs + 1]);
    return [...new Set([0, ...beside, BEGIN_MS + 4_000 * DAY_MS])];
  }

  function replayOf(accountId: string): readonly bigint[] {
    const at = times.get(accountId) ?? [];
    return instantsOf(accountId).map((atMs) => BigInt(at.filter((time) => time <= atMs).length));
  }

  function boundsOf(accountId: string): Promise<readonly bigint[]> {
    const bucket = suite.builder.bucketOf(accountId);
    const questions = instantsOf(accountId).map((atMs) => ({
      bucket,
      high: BigInt(ENTRIES),
      atMs: BigInt(atMs),
    }));
    return new ChainRepository(suite.database).findBounds(accountId, questions);
  }

  async function stepsMax(accountId: string): Promise<number> {
    let most = 0;
    const instants = instantsOf(accountId);
    for (let index = 0; index < 25; index += 1) {
      most = Math.max(most, await stepsAt(accountId, random.pick(instants)));
    }
    return most;
  }

  async function stepsAt(accountId: string, atMs: number): Promise<number> {
    const values = [[accountId], [suite.builder.bucketOf(accountId)], [atMs]];
    const [row] = await suite.sql<{ steps: number }>(STEPS, values);
    return row?.steps ?? Infinity;
  }
});
