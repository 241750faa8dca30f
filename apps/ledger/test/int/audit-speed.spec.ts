import { expect, it } from '@jest/globals';
import type { Fact } from '@steelyard/facts/inbox';
import { FactBuilder } from '../support/fact-builder.js';
import { useAudit } from '../support/use-audit.js';

const BUCKETS = 4;
const FACTS_PER_BATCH = 500;
const BATCHES = 40;
/** What an idle machine does some five times over: below this the trail would fall behind the ledger. */
const RECORDS_PER_SECOND_MIN = 2_000;
const audit = useAudit(BUCKETS);

it('keeps up with thousands of committed facts a second', async () => {
  const facts = new FactBuilder(BUCKETS);
  const byBucket = Array.from({ length: BUCKETS }, (): Fact[] => []);
  for (let number = 0; number < FACTS_PER_BATCH * BATCHES; number++) {
    const fact = facts.deposit(`player-${number % 1_000}`, 5n, {
      performedBy: 'game',
      reason: 'win',
      agentId: 'desk-1',
    });
    byBucket[fact.bucket]?.push(fact);
  }
  const startedAt = performance.now();
  await Promise.all(
    byBucket.map(async (all) => {
      for (let from = 0; from < all.length; from += FACTS_PER_BATCH) {
        await audit.deliver(all.slice(from, from + FACTS_PER_BATCH));
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  expect(await audit.sql('select count(*)::int as records from ledger.audit_records')).toEqual([
    { records: FACTS_PER_BATCH * BATCHES },
  ]);
  expect((FACTS_PER_BATCH * BATCHES) / seconds).toBeGreaterThan(RECORDS_PER_SECOND_MIN);
}, 120_000);
