import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { factsV1 } from '@steelyard/contracts/grpc';
import { bucketOf } from '@steelyard/domain/accounts';
import { connectNats, NatsLink, type NatsConnection } from '@steelyard/platform/messaging';
import { createLogger } from '@steelyard/platform/observability';
import { requireServer, startNats } from '@steelyard/testing/nats';
import { eventually } from '@steelyard/testing/wait';
import { freePort, ServerProcess, startNatsServer } from '@steelyard/processes';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JetStreamFactSink } from '../../src/infrastructure/delivery/jetstream-fact-sink.js';
import { FactTailRepository } from '../../src/infrastructure/postgres/fact-tail.repository.js';
import * as commands from '../support/commands.js';
import { testEngine } from '../support/test-engine.js';
import { testPublisher, type TestPublisher } from '../support/test-publisher.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

const DAY_MS = 86_400_000;
/** Longer than any stall of a busy machine: a server that is there answers in time. */
const REQUEST_MS = 60_000;
const STREAM = 'STEELYARD_FACTS';
const OTHER_DEPLOYMENT = '7d0a5c1e-2f5e-4b8e-8f0e-51d7f6f0a9c2';
const SETTINGS = { maxAgeMs: 7 * DAY_MS, deadlineMs: REQUEST_MS };

requireServer('nats')('publishing facts to JetStream', () => {
  const database = useBalanceDatabase();
  const [alice, bob] = commands.inTwoBuckets(commands.accountIds(), 8);
  const bucket = bucketOf(alice, 8);
  let server: Awaited<ReturnType<typeof startNats>>;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let endings: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    server = await startNats();
    connection = await connectNats(server.url, 'facts test', { connectTimeoutMs: REQUEST_MS });
    manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });
  beforeEach(async () => {
    await database.superuser.query('delete from balance.fact_positions');
    await post(1, alice, bob);
  });
  afterEach(async () => {
    for (const end of endings.toReversed()) await end();
    endings = [];
    await manager.streams.delete(STREAM).catch(() => undefined);
  });

  async function post(count: number, ...accounts: readonly string[]): Promise<void> {
    const { execute } = testEngine(database.connections);
    for (let i = 0; i < count; i++) {
      for (const account of accounts) {
        await execute(commands.submission(commands.deposit(account, 1n), database.buckets));
      }
    }
  }

  async function link(url = server.url): Promise<NatsLink> {
    const logger = createLogger('balance', 'silent');
    const opened = await NatsLink.open(url, { name: 'balance', logger, isOptional: true });
    endings.push(() => opened.close());
    return opened;
  }

  const deploymentId = async (): Promise<string> =>
    (await new FactTailRepository(database.connections.pool).heads()).deploymentId;

  async function publishing(url?: string): Promise<TestPublisher> {
    const sink = new JetStreamFactSink(await link(url), { ...SETTINGS, deploymentId: await deploymentId() });
    const started = testPublisher(await database.connect(), [sink]);
    started.publisher.start();
    endings.push(() => started.publisher.stop());
    return started;
  }

  /** Of this deployment, as everything in the stream is unless a test puts more into it. */
  async function factsInStream(): Promise<factsV1.Fact[]> {
    const own = await deploymentId();
    const { state } = await manager.streams.info(STREAM);
    const facts: factsV1.Fact[] = [];
    const stream = await jetstream(connection).consumers.get(STREAM);
    if (state.messages === 0) return facts;
    for await (const message of await stream.fetch({ max_messages: state.messages, expires: REQUEST_MS })) {
      const fact = factsV1.Fact.decode(message.data);
      if (message.headers?.get('Steelyard-Deployment') === OTHER_DEPLOYMENT) continue;
      expect(message.headers?.get('Steelyard-Deployment')).toBe(own);
      expect(message.subject).toBe(`steelyard.facts.${fact.bucket}`);
      expect(message.headers?.get('Nats-Msg-Id')).toBe(`${own}-${fact.bucket}-${fact.sequence}`);
      facts.push(fact);
    }
    return facts;
  }

  const stored = async (): Promise<Record<string, unknown>[]> =>
    (
      await database.superuser.query<Record<string, unknown>>(
        'select bucket, sequence from balance.facts order by bucket, sequence',
      )
    ).rows;

  /** Everything is in the stream, of each bucket once and in order, and the positions say so. */
  async function hasEverything(): Promise<void> {
    const facts = await factsInStream();
    const places = facts.map(({ bucket: of, sequence }) => ({ bucket: of, sequence }));
    // A stable sort: within a bucket as they are in the stream.
    expect(places.toSorted((a, b) => a.bucket - b.bucket)).toEqual(await stored());
    const { rows } = await database.superuser.query(
      `select from balance.fact_positions join balance.heads as head using (bucket)
       where consumer = 'nats' and fact_positions.sequence <> head.sequence`,
    );
    expect(rows).toEqual([]);
  }

  it('makes the stream and puts every fact into it, once and in order', async () => {
    await post(20, alice, bob);
    await publishing();
    await eventually(hasEverything);
    const { config } = await manager.streams.info(STREAM);
    expect(config).toMatchObject({
      subjects: ['steelyard.facts.*'],
      storage: 'file',
      retention: 'limits',
      max_age: 7 * DAY_MS * 1_000_000,
      duplicate_window: 120_000_000_000,
    });
    await post(3, alice);
    await eventually(hasEverything);
  });

  it('sends again what may not have arrived, and the stream has it once', async () => {
    await post(5, alice);
    await publishing();
    await eventually(hasEverything);
    // As if the process had died between the server's answer and moving the position.
    await database.superuser.query('update balance.fact_positions set sequence = 0 where bucket = $1', [
      bucket,
    ]);
    await eventually(async () => {
      const { rows } = await database.superuser.query<{ sequence: bigint }>(
        'select sequence from balance.fact_positions where bucket = $1',
        [bucket],
      );
      expect(rows[0]?.sequence).toBeGreaterThan(0n);
    });
    await eventually(hasEverything);
  });

  it('is not kept from it by facts of another database with the same numbers', async () => {
    await post(10, alice, bob);
    const opened = await link();
    await eventually(() => expect(opened.connection).toBeDefined());
    const other = new JetStreamFactSink(opened, { ...SETTINGS, deploymentId: OTHER_DEPLOYMENT });
    const tail = new FactTailRepository(database.connections.pool);
    const { facts } = await tail.read(bucket, 0n, { factsMax: 1_000, bytesMax: 1_000_000 });
    expect(facts.length).toBeGreaterThan(10);
    await other.deliver([{ bucket, afterSequence: 0n, facts }]);
    await publishing();
    await eventually(hasEverything);
    const { state } = await manager.streams.info(STREAM);
    expect(state.messages).toBe((await stored()).length + facts.length);
  });

  it('brings an older stream up to date, and leaves what an operator has set', async () => {
    await manager.streams.add({ name: STREAM, subjects: ['other.*'], max_bytes: 50_000_000 });
    await publishing();
    await eventually(hasEverything);
    const { config } = await manager.streams.info(STREAM);
    expect(config).toMatchObject({
      subjects: ['steelyard.facts.*'],
      max_bytes: 50_000_000,
      max_age: 7 * DAY_MS * 1_000_000,
    });
  });

  it('waits while the server is away, and goes on by itself', async () => {
    const { observer } = await publishing();
    await eventually(hasEverything);
    await server.kill9();
    await post(10, alice, bob);
    await eventually(() => expect(observer.events).toContain('nats away'));
    await server.restart();
    await eventually(hasEverything);
    expect(observer.events).toEqual(['nats away', 'nats back']);
  });

  it('loses nothing when the server is killed while facts are on their way', async () => {
    await publishing();
    let isOver = false;
    const postOnAndOn = async (): Promise<void> => {
      while (!isOver) await post(1, alice, bob);
    };
    const posting = postOnAndOn();
    for (let round = 0; round < 2; round++) {
      const before = (await stored()).length;
      await eventually(async () => (await stored()).length > before + 20);
      await server.kill9();
      await server.restart();
    }
    isOver = true;
    await posting;
    // What was stored without an answer is there once; what came before it and was lost, behind it.
    await eventually(async () => {
      const places = (await factsInStream()).map(({ bucket: of, sequence }) => `${of}/${sequence}`);
      expect(new Set(places).size).toBe(places.length);
      const expected = (await stored()).map(
        (fact) => `${String(fact['bucket'])}/${String(fact['sequence'])}`,
      );
      expect(places.toSorted()).toEqual(expected.toSorted());
    });
  });

  it('makes the stream again when it was deleted', async () => {
    await publishing();
    await eventually(hasEverything);
    await manager.streams.delete(STREAM);
    await post(1, alice);
    // What was there before is the ledger's to tell.
    await eventually(async () => expect((await factsInStream()).length).toBeGreaterThan(0));
  });

  it('starts without a server, and begins when there is one', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'steelyard-nats-late-'));
    endings.push(() => rm(dir, { recursive: true, force: true }));
    const port = await freePort();
    const { observer } = await publishing(`nats://127.0.0.1:${port}`);
    await eventually(() => expect(observer.events).toEqual(['nats away']));
    const late = await startNatsServer({ port, dir });
    endings.push(() => late.stop());
    await eventually(() => expect(observer.events).toEqual(['nats away', 'nats back']));
  });

  it('keeps facts back while the server has no JetStream', async () => {
    const port = await freePort();
    const dir = await mkdtemp(join(tmpdir(), 'steelyard-nats-plain-'));
    endings.push(() => rm(dir, { recursive: true, force: true }));
    const plain = await ServerProcess.start({
      program: 'nats-server',
      args: ['--port', String(port), '--addr', '127.0.0.1'],
      port,
      greeting: 'INFO ',
    });
    endings.push(() => plain.stop());
    const { observer } = await publishing(`nats://127.0.0.1:${port}`);
    await eventually(() => expect(observer.failures.length).toBeGreaterThan(3));
    expect(observer.events).toEqual(['nats away']);
    await plain.stop();
    const full = await startNatsServer({ port, dir });
    endings.push(() => full.stop());
    await eventually(() => expect(observer.events).toEqual(['nats away', 'nats back']));
  });

  it('is done by two processes at once, each fact in the stream once and in order', async () => {
    const processes = [await publishing(), await publishing()];
    for (let i = 0; i < 20; i++) {
      await post(1, alice, bob);
      processes[i % 2]?.publisher.nudge();
    }
    await eventually(hasEverything);
  });
});
