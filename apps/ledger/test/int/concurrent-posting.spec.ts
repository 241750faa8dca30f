import { describe, expect, it } from '@jest/globals';
import { granted } from '../support/granted.js';
import { useLedger } from '../support/use-ledger.js';

/** Enough for every kind of verification to meet postings at every stage. */
const POSTS = 400;
const POSTS_PER_COMMIT = 4;

describe('verification while others post', () => {
  const suite = useLedger();

  it('never takes a posting in progress for a fault', async () => {
    const { builder, ledger } = suite;
    builder.deposit('hot', 1_000_000n);
    await builder.flush();
    const posting = new AbortController();
    const writer = post().finally(() => posting.abort());
    const failures: unknown[] = [];
    let rounds = 0;
    let cursor = '';
    while (!posting.signal.aborted) {
      for (const accountId of ['hot', '@world/CZK']) {
        const { verification } = await granted(ledger.verifyAccount.execute({ accountId }));
        if (!verification.valid) failures.push(verification);
      }
      const step = await granted(ledger.verifyAccounts.execute({ cursor, limit: 3 }));
      failures.push(...step.failures);
      cursor = step.nextCursor;
      failures.push(...(await ledger.continueWalk.execute({ budgetMs: 1, cycleMs: 0 })).findings);
      // As two processes would: bucket by bucket, and each other's way.
      const [fresh, rotated] = await Promise.all([
        suite.another().verifyNewFacts.execute({ budgetMs: 20 }),
        suite.another().rotateEnds.execute({ budgetMs: 20, cycleMs: 0 }),
      ]);
      failures.push(...fresh.findings, ...rotated.findings);
      rounds += 1;
    }
    await writer;
    expect(failures).toEqual([]);
    expect(rounds).toBeGreaterThan(10);
    expect(await ledger.verifyNewFacts.execute({ budgetMs: 60_000 })).toMatchObject({ findings: [] });
    const status = await ledger.getStatus.execute();
    expect(status.sums).toEqual([{ currency: 'CZK', sumOfEntries: 0n }]);
    expect(status).toMatchObject({ factsUnverified: 0n, openIncidents: 0n });
    expect(status.entries).toBe(BigInt(2 * (POSTS + 1)));
  });

  async function post(): Promise<void> {
    const { builder } = suite;
    for (let index = 0; index < POSTS; index += 1) {
      // Old accounts, and new ones that are opened while their bucket is walked.
      if (index % 2 === 0) builder.transfer({ from: 'hot', to: `account-${index % 40}`, amount: 1n });
      else builder.deposit(`account-${index}`, 5n);
      if (index % POSTS_PER_COMMIT === POSTS_PER_COMMIT - 1) await builder.flush();
    }
  }
});
