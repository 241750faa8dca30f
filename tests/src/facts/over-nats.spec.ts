import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { factsV1 } from '@steelyard/contracts/grpc';
import { FACT_STREAM, FACT_SUBJECT_PREFIX, factMessage } from '@steelyard/facts/stream';
import { connectNats, type NatsConnection } from '@steelyard/platform/messaging';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { withSeed } from '@steelyard/testing/seed';
import type { KillableServer } from '@steelyard/testing/servers';
import { appliedAll, expectedRollups, rolledUp } from './support/consumed.js';
import { startLoad } from './support/load.js';
import { allFacts, useFacts } from './support/use-facts.js';

const KILLS = 2;
const STORM_ROUNDS = 3;
const BUCKETS = 64;
const FOREIGN_FACTS = 20;
/** A server that stands still answers later: longer than the library waits by itself. */
const ANSWERED = { timeout: 60_000 };
const FOREIGN_DEPLOYMENT = '7d0a5c1e-2f5e-4b8e-8f0e-51d7f6f0a9c2';

/** What a database leaves behind in JetStream when it is wiped: facts from the first on, in every bucket. */
async function leaveForeignFacts(url: string): Promise<void> {
  const connection = await connectNats(url, 'wiped database');
  const stream = { name: FACT_STREAM, subjects: [`${FACT_SUBJECT_PREFIX}.*`] };
  await connection.request(`$JS.API.STREAM.CREATE.${FACT_STREAM}`, JSON.stringify(stream), ANSWERED);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    for (let sequence = 1n; sequence <= FOREIGN_FACTS; sequence += 1n) {
      const { subject, body, headers } = factMessage(FOREIGN_DEPLOYMENT, foreignFact(bucket, sequence));
      await connection.request(subject, body, { ...ANSWERED, headers });
    }
  }
  await connection.close();
}

/** A deposit of a fortune. */
function foreignFact(bucket: number, sequence: bigint): factsV1.Fact {
  const amount = 9_000_000n;
  const entry = { entryId: '', currency: 'CHIPS', amount, balanceBefore: 0n, balanceAfter: amount, sequence };
  return {
    bucket,
    sequence,
    kind: 'DEPOSIT',
    factId: `foreign-${bucket}-${sequence}`,
    committedAtMs: BigInt(Date.now()),
    idempotencyKey: '',
    dataJson: '{}',
    home: undefined,
    legs: [],
    entries: [{ ...entry, accountId: `foreign-${bucket}`, checksum: '0'.repeat(64) }],
  };
}

requireServer('nats')('facts over NATS', () => {
  let nats: KillableServer | undefined;
  let connection: NatsConnection;
  const suite = useFacts(async () => {
    nats = await startNats();
    await leaveForeignFacts(nats.url);
    return { NATS_URL: nats.url };
  });
  beforeAll(async () => {
    connection = await connectNats(nats?.url ?? '', 'spec');
  });
  afterAll(async () => {
    await connection.close();
    await nats?.stop();
  });

  const everyoneApplied = () =>
    Promise.all(['ledger', 'analytics', 'recorder'].map((schema) => appliedAll(suite.pool, schema)));

  it('find a stream with facts of a database that was wiped, under the same numbers', async () => {
    const subject = `$JS.API.STREAM.INFO.${FACT_STREAM}`;
    const answer = await connection.request(subject, undefined, ANSWERED);
    const { state } = answer.json<{ state: { messages: number } }>();
    expect(state.messages).toBeGreaterThanOrEqual(BUCKETS * FOREIGN_FACTS);
  });

  it('reach every consumer once in effect, in order per account, from several processes', async () => {
    const load = await startLoad(suite.balance, 'first');
    await load.more(300);
    await load.stop();
    await everyoneApplied();
    expect(await suite.recorder.faults()).toEqual([]);
    expect(await suite.recorder.entries()).toBe(2 * load.answered());
    expect(await rolledUp(suite.pool)).toEqual(await expectedRollups(suite.pool));
  });

  const ask = async (subject: string) => (await connection.request(subject, undefined, ANSWERED)).json();

  it('change nothing when all of them are published again and again, in any order', () =>
    withSeed(async (random) => {
      const before = await rolledUp(suite.pool);
      const facts = [...(await allFacts(suite)).values()].flat();
      const { deploymentId } = await suite.factService.call('getHeads', {});
      for (let round = 0; round < STORM_ROUNDS; round += 1) {
        const shuffled = facts
          .map((fact) => ({ fact, place: random.integer(0, 0x7fff_ffff) }))
          .sort((a, b) => a.place - b.place);
        for (const { fact } of shuffled) {
          const { subject, body, headers } = factMessage(deploymentId, fact);
          connection.publish(subject, body, { headers });
        }
      }
      // All of it once more, to everyone who shares this one.
      const durable = `$JS.API.CONSUMER.DELETE.${FACT_STREAM}.analytics`;
      expect(await ask(durable)).toMatchObject({ success: true });
      // Whatever comes behind the storm finds it over.
      const load = await startLoad(suite.balance, 'behind');
      await load.stop();
      await everyoneApplied();
      expect(await rolledUp(suite.pool)).toEqual(await expectedRollups(suite.pool));
      expect(await rolledUp(suite.pool)).not.toEqual(before);
      expect(await suite.recorder.faults()).toEqual([]);
    }));

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
    }));

  it('all come although the server is killed under load', async () => {
    const load = await startLoad(suite.balance, 'broken');
    await load.more(100);
    await nats?.kill9();
    await load.more(100);
    await nats?.restart();
    await load.more(100);
    await load.stop();
    await everyoneApplied();
    expect(await suite.recorder.faults()).toEqual([]);
    expect(await rolledUp(suite.pool)).toEqual(await expectedRollups(suite.pool));
  });

  it('that the stream no longer keeps are read from the balance app', async () => {
    await suite.analytics.kill9();
    const load = await startLoad(suite.balance, 'away');
    await load.more(150);
    await load.stop();
    await Promise.all(['ledger', 'recorder'].map((schema) => appliedAll(suite.pool, schema)));
    const subject = `$JS.API.STREAM.PURGE.${FACT_STREAM}`;
    expect(await ask(subject)).toMatchObject({ success: true });
    await suite.analytics.restart();
    await appliedAll(suite.pool, 'analytics');
    expect(await rolledUp(suite.pool)).toEqual(await expectedRollups(suite.pool));
  });
});
