import { describe, expect, it } from '@jest/globals';
import { granted } from '../support/granted.js';
import { ALL_THE_TIME_MS, useLedger } from '../support/use-ledger.js';

/** Enough for every kind of verification to meet postings at every stage: so many posts and rounds at least. */
const POSTS = 400;
const ROUNDS = 11;
const POSTS_MAX = 100 * POSTS;
const POSTS_PER_COMMIT = 4;

describe('verification while others post', () => {
  const suite = useLedger();

  it('never takes a posting in progress for a fault', async () => {
    const { builder, ledger } = suite;
    builder.deposit('hot', 1_000_000n);
    await builder.flush();
    const posting = new AbortController();
    const failures: unknown[] = [];
    let rounds = 0;
    const writer = post(() => rounds >= ROUNDS).finally(() => posting.abort());
    let cursor = '';
    while (!posting.signal.aborted) {
      for (const accountId of ['hot', '@world/CZK']) {
        const { verification } = await granted(ledger.verifyAccount.execute({ accountId }));
        if (verification?.valid !== true) failures.push(verification);
      }
      const step = await granted(ledger.verifyAccounts.execute({ cursor, limit: 3 }));
      failures.push(...step.failures);
      cursor = step.nextCursor;
      failures.push(...(await ledger.continueWalk.execute({ budgetMs: 1, cycleMs: 0 })).findings);
      // As two processes would, in each other's way.
      const [fresh] = await Promise.all([
        suite.another().verifyNewFacts.execute({ budgetMs: 20 }),
        suite.another().continueReconciliation.execute({ mode: 'report', budgetMs: 20, cycleMs: 0 }),
      ]);
      failures.push(...fresh.findings);
      rounds += 1;
    }
    const posts = await writer;
    expect(failures).toEqual([]);
    expect(await suite.incidents.incidents.list({ limit: 10 })).toEqual([]);
    expect(await ledger.verifyNewFacts.execute({ budgetMs: ALL_THE_TIME_MS })).toMatchObject({
      findings: [],
    });
    const status = await ledger.getStatus.execute();
    expect(status.sums).toEqual([{ currency: 'CZK', sumOfEntries: 0n }]);
    expect(status).toMatchObject({ factsUnverified: 0n, openIncidents: 0n });
    expect(status.entries).toBe(BigInt(2 * (posts + 1)));
  });

  /** Posts until there are enough and the others have had enough. Returns how many it were. */
  async function post(isEnough: () => boolean): Promise<number> {
    const { builder } = suite;
    let index = 0;
    for (
      ;
      index < POSTS || (!isEnough() && index < POSTS_MAX) || index % POSTS_PER_COMMIT !== 0;
      index += 1
    ) {
      // Old accounts, and new ones that are opened while their bucket is walked.
      if (index % 2 === 0) builder.transfer({ from: 'hot', to: `account-${index % 40}`, amount: 1n });
      else builder.deposit(`account-${index}`, 5n);
      if (index % POSTS_PER_COMMIT === POSTS_PER_COMMIT - 1) await builder.flush();
    }
    return index;
  }
});
