import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { eventually } from '@steelyard/testing/wait';
import type { Fact, FactHandler } from '../src/inbox/index.js';
import { FACT_STREAM, FACT_SUBJECT_PREFIX, factMessage } from '../src/stream/index.js';
import { fact, factsOf } from './support/facts.js';
import { OWN_DEPLOYMENT, useConsumer } from './support/use-consumer.js';
import { failingOn, noting } from './support/use-inbox.js';

/** Longer than any stall of a busy machine: a server that is there answers in time. */
const REQUEST_MS = 60_000;
const OTHER_DEPLOYMENT = '7d0a5c1e-2f5e-4b8e-8f0e-51d7f6f0a9c2';

/** A handler that remembers which facts took effect. */
function noticing(): { readonly handler: FactHandler; readonly ids: readonly string[] } {
  const ids: string[] = [];
  const apply: FactHandler['apply'] = (_transaction, facts, afterCommit) => {
    afterCommit(() => ids.push(...facts.map(({ factId }) => factId)));
    return Promise.resolve();
  };
  return { handler: { name: 'noticing', apply }, ids };
}

requireServer('nats')('facts from JetStream', () => {
  const suite = useConsumer();
  let nats: Awaited<ReturnType<typeof startNats>>;
  let connection: NatsConnection;
  let manager: JetStreamManager;

  beforeAll(async () => {
    nats = await startNats();
    connection = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
  });
  beforeEach(async () => {
    await manager.streams.delete(FACT_STREAM).catch(() => undefined);
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  const createStream = () =>
    manager.streams.add({ name: FACT_STREAM, subjects: [`${FACT_SUBJECT_PREFIX}.*`] });

  /** Without message ids: the same fact may be in the stream any number of times. */
  async function publish(facts: readonly Fact[], deploymentId = OWN_DEPLOYMENT): Promise<void> {
    const stream = jetstream(connection, { timeout: REQUEST_MS });
    for (const one of facts) {
      const { subject, body, headers } = factMessage(deploymentId, one);
      await stream.publish(subject, body, { headers });
    }
  }

  const start = (handlers = [noting()], changes = {}) =>
    suite.start(handlers, { NATS_URL: nats.url, ...changes });
  const isNoted = (facts: readonly Fact[]) =>
    eventually(async () => {
      const names = facts.map(({ bucket, sequence }) => `${bucket}-${sequence}`);
      const noted = await suite.inbox.noted();
      expect([...noted].sort()).toEqual([...names].sort());
    });

  /** Nothing is delivered and unacknowledged, and nothing is left to deliver. */
  const isAcknowledged = () =>
    eventually(async () => {
      const info = await manager.consumers.info(FACT_STREAM, 'consumer');
      expect([info.num_pending, info.num_ack_pending]).toEqual([0, 0]);
    });

  it('are waited for until there is a stream, and acknowledged once applied', async () => {
    const consumer = start();
    await createStream();
    await publish([...factsOf(1, 1, 20), ...factsOf(2, 1, 5)]);
    await isNoted([...factsOf(1, 1, 20), ...factsOf(2, 1, 5)]);
    await isAcknowledged();
    expect(consumer.events()).toContain('facts.stream.joined');
    expect(suite.source.reads).toBe(0);
  });

  it('have one effect each when they are published again and again, in any order', async () => {
    await createStream();
    const facts = factsOf(1, 1, 30);
    suite.source.committed.push(...facts);
    start();
    for (let round = 0; round < 3; round += 1) {
      await publish(
        [...facts].sort((a, b) => Number((a.sequence * 7n) % 31n) - Number((b.sequence * 7n) % 31n)),
      );
    }
    await isNoted(facts);
    await isAcknowledged();
  });

  it('that are missing in the stream are read from the balance app', async () => {
    await createStream();
    suite.source.committed.push(...factsOf(1, 1, 700));
    const consumer = start();
    await publish(factsOf(1, 700, 700));
    await isNoted(factsOf(1, 1, 700));
    await eventually(async () =>
      expect(await consumer.metric('facts_pulled_total')).toBeGreaterThanOrEqual(699),
    );
    await isAcknowledged();
  });

  it('come again while the balance app that has the missing ones is away', async () => {
    await createStream();
    suite.source.committed.push(...factsOf(1, 1, 3));
    const consumer = start();
    await eventually(() => expect(consumer.events()).toContain('facts.stream.joined'));
    suite.source.isAway = true;
    await publish([fact(1, 3n)]);
    await eventually(() => expect(consumer.events()).toContain('facts.application.lost'));
    suite.source.isAway = false;
    await isNoted(factsOf(1, 1, 3));
  });

  it('that fail are tried again later, and the others go on after the last attempt', async () => {
    await createStream();
    suite.source.committed.push(...factsOf(1, 1, 5));
    start([failingOn((sequence) => sequence === 2n, 'notes')], { FACTS_CATCH_UP_INTERVAL_MS: 50 });
    await publish(factsOf(1, 1, 5));
    await isNoted([fact(1, 1n), ...factsOf(1, 3, 5)]);
  });

  it('are shared by the processes of an app, each with one effect', async () => {
    await createStream();
    const facts = [1, 2, 3].flatMap((bucket) => factsOf(bucket, 1, 100));
    suite.source.committed.push(...facts);
    start();
    start();
    await publish(facts);
    await isNoted(facts);
    await isAcknowledged();
  });

  it('go on after the server was killed, and after the stream was lost', async () => {
    await createStream();
    suite.source.committed.push(...factsOf(1, 1, 9));
    start();
    await publish(factsOf(1, 1, 3));
    await isNoted(factsOf(1, 1, 3));
    await nats.kill9();
    await nats.restart();
    await eventually(() => manager.streams.info(FACT_STREAM));
    await publish(factsOf(1, 4, 6));
    await isNoted(factsOf(1, 1, 6));
    await manager.streams.delete(FACT_STREAM);
    await createStream();
    await publish(factsOf(1, 9, 9));
    await isNoted(factsOf(1, 1, 9));
  });

  it('whose messages nobody can read are left out', async () => {
    await createStream();
    const consumer = start();
    const { subject, headers } = factMessage(OWN_DEPLOYMENT, fact(1, 1n));
    await jetstream(connection).publish(subject, new Uint8Array([255, 255, 255]), { headers });
    await publish(factsOf(1, 1, 2));
    await isNoted(factsOf(1, 1, 2));
    expect(consumer.events()).toContain('facts.message.unreadable');
    await isAcknowledged();
  });

  it('of another deployment are dropped, and its numbers stand in nobody’s way', async () => {
    await createStream();
    const foreign = factsOf(1, 1, 40).map((one) => ({ ...one, factId: `foreign-${one.sequence}` }));
    const { subject, body } = factMessage(OWN_DEPLOYMENT, fact(1, 1n, { factId: 'foreign-nobody' }));
    await jetstream(connection).publish(subject, body);
    await publish(foreign, OTHER_DEPLOYMENT);
    const { handler, ids } = noticing();
    const consumer = start([noting(), handler]);
    await isAcknowledged();
    expect(ids).toEqual([]);
    expect(await suite.inbox.noted()).toEqual([]);
    const own = factsOf(1, 1, 3);
    await publish(own);
    await publish(foreign, OTHER_DEPLOYMENT);
    await isNoted(own);
    await isAcknowledged();
    expect(ids).toEqual(own.map(({ factId }) => factId));
    expect(await consumer.metric('facts_foreign_total')).toBe(81);
    expect(consumer.events().filter((event) => event === 'facts.stream.foreign')).toHaveLength(1);
    // Its own came by themselves: nothing was read instead.
    expect(suite.source.reads).toBe(0);
  });

  it('wait in the stream until the balance app has said whose facts count', async () => {
    await createStream();
    suite.source.isAway = true;
    const consumer = start();
    await publish([fact(1, 1n, { factId: 'foreign' })], OTHER_DEPLOYMENT);
    await publish(factsOf(1, 1, 3));
    await eventually(() => suite.source.calls >= 3);
    suite.source.deploymentId = '';
    suite.source.isAway = false;
    const calls = suite.source.calls;
    await eventually(() => suite.source.calls >= calls + 2);
    expect(await suite.inbox.noted()).toEqual([]);
    expect(await consumer.metric('facts_foreign_total')).toBe(0);
    suite.source.deploymentId = OWN_DEPLOYMENT;
    await isNoted(factsOf(1, 1, 3));
    await isAcknowledged();
    expect(await consumer.metric('facts_foreign_total')).toBe(1);
  });

  it('are those of the new database when the balance app has got one', async () => {
    await createStream();
    const consumer = start([noting()], { FACTS_CATCH_UP_INTERVAL_MS: 50 });
    await publish(factsOf(1, 1, 2));
    await isNoted(factsOf(1, 1, 2));
    suite.source.deploymentId = OTHER_DEPLOYMENT;
    const calls = suite.source.calls;
    await eventually(() => suite.source.calls >= calls + 2);
    await publish(factsOf(2, 1, 5));
    await publish(factsOf(3, 1, 4), OTHER_DEPLOYMENT);
    await isNoted([...factsOf(1, 1, 2), ...factsOf(3, 1, 4)]);
    await isAcknowledged();
    expect(await consumer.metric('facts_foreign_total')).toBe(5);
  });
});

describe('a consumer whose NATS is not there', () => {
  const suite = useConsumer();

  it('says so once, reads facts from the balance app, and ends when it is asked to', async () => {
    suite.source.committed.push(...factsOf(1, 1, 3));
    const consumer = suite.start([noting()], {
      NATS_URL: 'nats://127.0.0.1:1',
      FACTS_CATCH_UP_INTERVAL_MS: 20,
    });
    await eventually(async () => expect(await suite.inbox.noted()).toHaveLength(3));
    await consumer.stop();
    expect(consumer.events().filter((event) => event === 'nats.lost')).toEqual(['nats.lost']);
  });
});
