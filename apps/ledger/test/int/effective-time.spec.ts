import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadLetters, FactInbox } from '@steelyard/facts/inbox';
import { createPool, type Pool } from '@steelyard/platform/postgres';
import { replayHint, seededRandom } from '@steelyard/testing/seed';
import { effectiveAtMsOf } from '../../src/application/effective-time/effective-at.js';
import { EffectiveTimesHandler } from '../../src/infrastructure/postgres/effective-times.handler.js';
import { factsAfter } from '../support/fact-feed.js';
import { granted } from '../support/granted.js';
import { useLedger } from '../support/use-ledger.js';

const BEGIN_MS = Date.UTC(2026, 4, 1);
const POSTS = 600;
const BUCKETS = 4;
const INSTANTS = 250;
const SETTINGS = { schema: 'ledger', attemptsMax: 1, retryDelayMs: 0 };
/** How far from its commit an entry may take effect: within a second, a day, a year, forty years. */
const DISTANCES_MS = [1_000, 86_400_000, 31_536_000_000, 1_261_440_000_000];

interface Posted {
  readonly effectiveAtMs: number;
  readonly amount: bigint;
}

describe(`balances by the effective clock (${replayHint()})`, () => {
  const suite = useLedger(BUCKETS);
  const random = seededRandom();
  const handler = new EffectiveTimesHandler();
  const posted = new Map<string, Posted[]>();
  let nowMs = BEGIN_MS;
  let pool: Pool;
  let inbox: FactInbox;

  beforeAll(async () => {
    pool = createPool({
      url: suite.url,
      role: 'steelyard_ledger',
      applicationName: 'effective-time.spec',
      statementTimeoutMs: 30_000,
      sizeMax: 2,
    });
    inbox = new FactInbox({ pool }, [handler], SETTINGS);
    await postMany(POSTS);
  });
  afterAll(() => pool.end());

  it('are exact before any fact has arrived', () => compareAtRandomInstants(40));

  it('are exact wherever each bucket is with its facts', async () => {
    for (let round = 0; round < 4; round += 1) {
      for (let bucket = 0; bucket < BUCKETS; bucket += 1) await deliver(bucket, random.integer(0, 120));
      await compareAtRandomInstants(INSTANTS / 4);
      await postMany(20);
    }
  });

  it('are exact when every fact has been applied', async () => {
    await deliverAll();
    await compareAtRandomInstants(INSTANTS);
  });

  it('count an entry from the millisecond on that it took effect', async () => {
    const effectiveAtMs = Date.UTC(1969, 11, 31, 23, 59, 59, 999);
    post('late-comer', 700n, effectiveAtMs);
    await suite.builder.flush();
    for (const delivered of [false, true]) {
      if (delivered) await deliverAll();
      expect(await balanceAt('late-comer', effectiveAtMs - 1)).toMatchObject({ balance: 0n, sequence: 0n });
      expect(await balanceAt('late-comer', effectiveAtMs)).toMatchObject({ balance: 700n, sequence: 1n });
    }
  });

  it('take a name deeper in the metadata for nothing', async () => {
    const metadata = { note: { effectiveAt: '2001-01-01T00:00:00.000Z' } };
    nowMs += 1;
    suite.builder.deposit('deep', 5n, { atMs: nowMs, metadata });
    remember('@world/CZK', { effectiveAtMs: nowMs, amount: -5n });
    await suite.builder.flush();
    await deliverAll();
    expect(await balanceAt('deep', nowMs - 1)).toMatchObject({ balance: 0n });
    expect(await balanceAt('deep', nowMs)).toMatchObject({ balance: 5n });
  });

  it('are exact while a fact cannot be applied, and when it is applied late', async () => {
    post('stuck', 10n, BEGIN_MS - 1_000);
    await suite.builder.flush();
    await deliverAll();
    post('stuck', 100n, BEGIN_MS - 3_000);
    await suite.builder.flush();
    const failing = { name: handler.name, apply: () => Promise.reject(new Error('not today')) };
    await deliverAll(new FactInbox({ pool }, [failing], SETTINGS));
    post('stuck', 1_000n, BEGIN_MS - 2_000);
    await suite.builder.flush();
    await deliverAll();
    const letters = new DeadLetters({ pool }, [handler], SETTINGS);
    expect(await letters.count()).toBeGreaterThan(0n);
    await compareAccount('stuck');
    await compareAtRandomInstants(30);
    expect(await letters.redeliver()).toMatchObject({ failures: [] });
    expect(await letters.count()).toBe(0n);
    await compareAccount('stuck');
    await compareAtRandomInstants(30);
  });

  it('come out the same, row for row, when everything is derived again', async () => {
    const rows = () =>
      Promise.all([
        suite.sql('select * from ledger.effective_entries order by bucket, account_id, sequence'),
        suite.sql('select * from ledger.effective_windows order by bucket, account_id, level, number'),
      ]);
    const before = await rows();
    expect(before[0].length).toBeGreaterThan(POSTS / 2);
    await suite.sql('truncate ledger.effective_entries, ledger.effective_windows, ledger.fact_inbox');
    await deliverAll();
    expect(await rows()).toEqual(before);
  });

  it('sum amounts whose sums pass what an integer column holds', async () => {
    const many = 1_100;
    const amount = 2n ** 53n - 1n;
    for (let index = 0; index < many; index += 1) {
      nowMs += 1;
      const dated = { atMs: nowMs, metadata: { effectiveAt: '2020-01-01T00:00:00.000Z' } };
      suite.builder.transfer({ from: 'sea', to: 'whale', amount }, dated);
      nowMs += 1;
      suite.builder.transfer({ from: 'whale', to: 'sea', amount }, { atMs: nowMs });
    }
    await suite.builder.flush();
    await deliverAll();
    expect(await balanceAt('whale', Date.UTC(2020, 0, 1))).toMatchObject({
      balance: amount * BigInt(many),
      sequence: BigInt(many),
    });
    expect(await balanceAt('whale', nowMs)).toMatchObject({ balance: 0n, sequence: BigInt(2 * many) });
  });

  function post(account: string, amount: bigint, effectiveAtMs?: number): void {
    nowMs += random.integer(0, 40);
    const metadata =
      effectiveAtMs === undefined ? {} : { effectiveAt: new Date(effectiveAtMs).toISOString(), z: 1 };
    suite.builder.deposit(account, amount, { atMs: nowMs, metadata });
    const tookEffectMs = effectiveAtMs ?? nowMs;
    remember(account, { effectiveAtMs: tookEffectMs, amount });
    remember('@world/CZK', { effectiveAtMs: tookEffectMs, amount: -amount });
  }

  async function postMany(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const distanceMs = random.pick(DISTANCES_MS);
      const effectiveAtMs = nowMs - Math.floor(distanceMs * (random.integer(0, 1_000) / 900 - 0.1));
      const amount = BigInt(random.integer(1, 1_000));
      post(`player-${random.integer(0, 11)}`, amount, random.chance(0.6) ? effectiveAtMs : undefined);
    }
    await suite.builder.flush();
  }

  function remember(account: string, entry: Posted): void {
    posted.set(account, [...(posted.get(account) ?? []), entry]);
  }

  async function deliver(bucket: number, limit: number, into: FactInbox = inbox): Promise<number> {
    const after = (await into.positions()).get(bucket) ?? 0n;
    const facts = await factsAfter(suite, bucket, { after, limit });
    await into.apply(bucket, facts);
    return facts.length;
  }

  async function deliverAll(into: FactInbox = inbox): Promise<void> {
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      let delivered = 1;
      while (delivered > 0) delivered = await deliver(bucket, random.integer(1, 300), into);
    }
  }

  async function balanceAt(accountId: string, atMs: number) {
    return granted(suite.ledger.getBalanceAt.execute({ accountId, atMs: BigInt(atMs), clock: 'effective' }));
  }

  async function compareAtRandomInstants(count: number): Promise<void> {
    const accounts = [...posted.keys()];
    for (let index = 0; index < count; index += 1) {
      await compareAccount(random.chance(0.2) ? '@world/CZK' : random.pick(accounts));
    }
  }

  /** At an instant beside one of its entries: there an error of a millisecond shows. */
  async function compareAccount(accountId: string): Promise<void> {
    const entries = posted.get(accountId) ?? [];
    const atMs = random.pick(entries).effectiveAtMs + random.integer(-1, 1);
    const counted = entries.filter(({ effectiveAtMs }) => effectiveAtMs <= atMs);
    expect({ atMs, ...(await balanceAt(accountId, atMs)) }).toEqual({
      atMs,
      accountId,
      currency: 'CZK',
      balance: counted.reduce((sum, { amount }) => sum + amount, 0n),
      sequence: BigInt(counted.length),
    });
  }
});

describe('the effective time of an entry', () => {
  it.each([
    ['{}', undefined],
    ['{"effectiveAt":"2026-01-01T00:00:00.000Z"}', BigInt(Date.UTC(2026, 0, 1))],
    ['{"effectiveAt":"0001-01-01T00:00:00.000Z","x":"\\u0000"}', -62_135_596_800_000n],
    ['{"note":{"effectiveAt":"2026-01-01T00:00:00.000Z"}}', undefined],
    ['{"note":"\\"effectiveAt\\":\\"2026-01-01T00:00:00.000Z\\""}', undefined],
  ])('is read from %s', (metadata, expected) => expect(effectiveAtMsOf(metadata)).toBe(expected));
});
