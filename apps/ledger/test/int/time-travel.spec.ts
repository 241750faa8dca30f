import { beforeAll, describe, expect, it } from '@jest/globals';
import { replayHint, seededRandom } from '@steelyard/testing/seed';
import { allPages } from '../support/all-pages.js';
import { granted } from '../support/granted.js';
import { useLedger } from '../support/use-ledger.js';

const BEGIN_MS = Date.UTC(2026, 4, 1);
const POSTS = 400;
const INSTANTS = 150;

interface Posted {
  readonly atMs: number;
  readonly amount: bigint;
}

describe(`balances and pages at random instants (${replayHint()})`, () => {
  const suite = useLedger(8);
  const seeded = seededRandom();
  const random = (below: number): number => seeded.integer(0, below - 1);
  const posted = new Map<string, Posted[]>();
  let endMs = BEGIN_MS;

  beforeAll(async () => {
    for (let index = 0; index < POSTS; index += 1) {
      // Often several posts in one millisecond.
      endMs += random(3);
      const account = `player-${random(12)}`;
      const amount = BigInt(random(1_000) + 1);
      suite.builder.deposit(account, amount, { atMs: endMs });
      remember(account, { atMs: endMs, amount });
      remember('@world/CZK', { atMs: endMs, amount: -amount });
    }
    await suite.builder.flush();
  });

  it('shows the balance that a replay from zero gives', async () => {
    for (let index = 0; index < INSTANTS; index += 1) {
      const accountId = index % 3 === 0 ? '@world/CZK' : `player-${random(12)}`;
      const atMs = BEGIN_MS - 2 + random(endMs - BEGIN_MS + 4);
      expect(await balanceAt(accountId, atMs)).toEqual(replayed(accountId, atMs));
    }
  });

  it('gives each of many who ask at the same time an answer of their own', async () => {
    const asked = Array.from({ length: 120 }, (_, index) => ({
      accountId: index % 40 === 0 ? '@world/CZK' : `player-${random(12)}`,
      atMs: BEGIN_MS - 2 + random(endMs - BEGIN_MS + 4),
    }));
    const nobody = suite.ledger.getBalanceAt.execute({ accountId: 'nobody', atMs: BigInt(endMs) });
    const answers = await Promise.all(asked.map(({ accountId, atMs }) => balanceAt(accountId, atMs)));
    expect(answers).toEqual(asked.map(({ accountId, atMs }) => replayed(accountId, atMs)));
    expect(await nobody).toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
  });

  it('pages over every entry of a span once, whatever the page size', async () => {
    for (let index = 0; index < 20; index += 1) {
      const accountId = index % 2 === 0 ? '@world/CZK' : `player-${random(12)}`;
      const from = BEGIN_MS + random(endMs - BEGIN_MS);
      const to = from + random(endMs - from + 1);
      const span = { fromMs: BigInt(from), toMs: BigInt(to) };
      const limit = 1 + random(40);
      const pages = await allPages((cursor) =>
        granted(suite.ledger.listEntries.execute({ accountId, limit, cursor, ...span })),
      );
      const entries = pages.flatMap((page) => page.entries);
      const expected = (posted.get(accountId) ?? []).filter(({ atMs }) => atMs >= from && atMs <= to);
      expect(new Set(entries.map(({ entryId }) => entryId)).size).toBe(expected.length);
      expect(entries).toHaveLength(expected.length);
      expect(pages.map(({ total }) => total)).toEqual(pages.map(() => BigInt(expected.length)));
      const times = entries.map(({ timestamp }) => timestamp);
      expect(times).toEqual(times.toSorted().toReversed());
    }
  });

  function balanceAt(accountId: string, atMs: number) {
    return granted(suite.ledger.getBalanceAt.execute({ accountId, atMs: BigInt(atMs) }));
  }

  function replayed(accountId: string, atMs: number) {
    const upTo = (posted.get(accountId) ?? []).filter((post) => post.atMs <= atMs);
    return {
      accountId,
      currency: 'CZK',
      balance: upTo.reduce((sum, { amount }) => sum + amount, 0n),
      sequence: BigInt(upTo.length),
    };
  }

  function remember(account: string, post: Posted): void {
    posted.set(account, [...(posted.get(account) ?? []), post]);
  }
});
