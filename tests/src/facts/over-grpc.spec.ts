import { describe, expect, it } from '@jest/globals';
import { factsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { withSeed } from '@steelyard/testing/seed';
import { eventually } from '@steelyard/testing/wait';
import { appliedAll, expectedRollups, rolledUp } from './support/consumed.js';
import { startLoad } from './support/load.js';
import { allFacts, useFacts } from './support/use-facts.js';

const DEADLINE_MS = 120_000;
const KILLS = 3;
const STORM_ROUNDS = 3;

const suite = useFacts(async () => ({}));

const everyoneApplied = () =>
  Promise.all(['ledger', 'analytics', 'recorder'].map((schema) => appliedAll(suite.pool, schema)));

describe('facts that are pushed over gRPC', () => {
  it('reach every consumer once in effect, in order per account, from several processes', async () => {
    const load = await startLoad(suite.balance, 'first');
    await load.more(300);
    await load.stop();
    await everyoneApplied();
    expect(await suite.recorder.faults()).toEqual([]);
    expect(await suite.recorder.entries()).toBe(2 * load.answered());
    expect(await rolledUp(suite.pool)).toEqual(await expectedRollups(suite.pool));
  });

  it('change nothing when all of them are delivered again and again, cut anyhow and at once', async () => {
    const before = await rolledUp(suite.pool);
    const address = suite.analytics.grpcTarget ?? '';
    const client = grpcClient(factsV1.FactConsumerServiceService, { address, deadlineMs: DEADLINE_MS });
    const facts = await allFacts(suite);
    for (let round = 1; round <= STORM_ROUNDS; round += 1) {
      const deliveries = [...facts].flatMap(([bucket, ofBucket]) => [
        { bucket, facts: ofBucket },
        { bucket, facts: ofBucket.slice(round * 3) },
        { bucket, facts: ofBucket.slice(0, ofBucket.length / 2).reverse() },
      ]);
      await Promise.all(deliveries.map((delivery) => eventually(() => client.call('deliver', delivery))));
    }
    await client.close();
    expect(await rolledUp(suite.pool)).toEqual(before);
  });

  it('have one effect each while their consumer is killed at any moment', () =>
    withSeed(async (random) => {
      const load = await startLoad(suite.balance, 'kills');
      for (let kill = 1; kill <= KILLS; kill += 1) {
        await load.more(random.integer(20, 100));
        await suite.analytics.kill9();
        await load.more(30);
        await suite.analytics.restart();
      }
      await load.stop();
      await everyoneApplied();
      expect(await rolledUp(suite.pool)).toEqual(await expectedRollups(suite.pool));
      expect(await suite.recorder.faults()).toEqual([]);
    }));

  it('make the same rollups again from nothing', async () => {
    const before = await rolledUp(suite.pool);
    // In the order in which the consumer locks them.
    await suite.pool.query('truncate analytics.fact_inbox, analytics.supply_daily');
    await appliedAll(suite.pool, 'analytics');
    expect(await rolledUp(suite.pool)).toEqual(before);
  });
});
