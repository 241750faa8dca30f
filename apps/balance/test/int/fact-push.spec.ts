import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { bucketOf } from '@steelyard/domain/accounts';
import { OutageError } from '@steelyard/platform/outage';
import { eventually } from '@steelyard/testing/wait';
import { FactIntegrityError } from '../../src/application/read-facts/fact-tail.port.js';
import { GrpcFactSink } from '../../src/infrastructure/delivery/grpc-fact-sink.js';
import * as commands from '../support/commands.js';
import { FactConsumer } from '../support/fact-consumer.js';
import { Gate } from '../support/gated-storage.js';
import { testEngine } from '../support/test-engine.js';
import { testPublisher, type TestPublisher, type TestPublisherOptions } from '../support/test-publisher.js';
import { useBalanceDatabase } from '../support/use-balance-database.js';

/** Longer than any stall of a busy machine: whoever answers does so in time. */
const PATIENT_MS = 600_000;
/** For deliveries that are never answered. */
const HASTY_MS = 400;

const database = useBalanceDatabase();
const id = commands.accountIds();
let endings: (() => Promise<void> | void)[] = [];

let tiers = 0;
/** Another one each time: an update that changes nothing leaves no fact. */
const nextTier = (): string => `t${(tiers += 1)}`;

/** Commits so many facts in the bucket of each account, one transaction a fact. */
async function post(count: number, ...accounts: readonly string[]): Promise<void> {
  const { execute } = testEngine(database.connections);
  for (let i = 0; i < count; i++) {
    await Promise.all(
      accounts.map((account) =>
        execute(commands.submission(commands.update(account, { tier: nextTier() }), database.buckets)),
      ),
    );
  }
}

async function open(...accounts: readonly string[]): Promise<void> {
  const { execute } = testEngine(database.connections);
  for (const account of accounts) {
    await execute(commands.submission(commands.open(account), database.buckets));
  }
}

async function heads(): Promise<Map<number, bigint>> {
  const { rows } = await database.superuser.query<{ bucket: number; sequence: bigint }>(
    'select bucket, sequence from balance.heads where sequence > 0',
  );
  return new Map(rows.map(({ bucket, sequence }) => [bucket, sequence]));
}

async function positionOf(consumer: string, bucket: number): Promise<bigint | undefined> {
  const { rows } = await database.superuser.query<{ sequence: bigint }>(
    'select sequence from balance.fact_positions where consumer = $1 and bucket = $2',
    [consumer, bucket],
  );
  return rows[0]?.sequence;
}

async function consumer(): Promise<FactConsumer> {
  const started = await new FactConsumer().start();
  endings.push(() => started.stop());
  return started;
}

/** A process that pushes to consumers by their names. */
async function pushing(
  consumers: Readonly<Record<string, FactConsumer>>,
  { deadlineMs = PATIENT_MS, ...options }: TestPublisherOptions & { readonly deadlineMs?: number } = {},
): Promise<TestPublisher> {
  const sinks = Object.entries(consumers).map(
    ([name, { address }]) => new GrpcFactSink({ consumer: name, address, deadlineMs }),
  );
  const started = testPublisher(await database.connect(), sinks, options);
  endings.push(async () => {
    await started.publisher.stop();
    await Promise.all(sinks.map((sink) => sink.close()));
  });
  started.publisher.start();
  return started;
}

/** The consumer has everything, each fact once and in order, and the position says so. */
async function hasEverything(name: string, { applied, facts }: FactConsumer): Promise<void> {
  const all = await heads();
  expect(applied).toEqual(all);
  for (const [bucket, head] of all) {
    expect(await positionOf(name, bucket)).toBe(head);
    const sequences = facts.get(bucket)?.map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: Number(head) }, (_, i) => BigInt(i + 1)));
  }
}

const [alice, bob] = commands.inTwoBuckets(id, 8);
const bucket = bucketOf(alice, 8);

beforeEach(async () => {
  await database.superuser.query('delete from balance.fact_positions; delete from balance.fact_deliveries');
  await open(alice, bob);
});
afterEach(async () => {
  for (const end of endings.toReversed()) await end();
  endings = [];
});

describe('pushing facts', () => {
  it('brings every consumer everything, in order, and then what is committed', async () => {
    await post(5, alice, bob);
    const [ledger, analytics] = [await consumer(), await consumer()];
    await pushing({ ledger, analytics });
    await eventually(() => hasEverything('ledger', ledger));
    await eventually(() => hasEverything('analytics', analytics));
    await post(3, alice, bob);
    await eventually(() => hasEverything('ledger', ledger));
    await eventually(() => hasEverything('analytics', analytics));
    expect(ledger.facts.get(bucket)?.at(-1)).toMatchObject({ bucket, kind: 'ACCOUNT_UPDATED' });
  });

  it('delivers at once what its own process has committed, however long the poll interval', async () => {
    const ledger = await consumer();
    const { publisher } = await pushing({ ledger }, { pollIntervalMs: PATIENT_MS });
    await eventually(() => hasEverything('ledger', ledger));
    for (let i = 0; i < 3; i++) {
      await post(1, alice);
      publisher.nudge();
      await eventually(() => hasEverything('ledger', ledger));
    }
  });

  it('delivers at once, too, what is committed while the facts before it are on their way', async () => {
    const ledger = await consumer();
    const { publisher, observer } = await pushing({ ledger }, { pollIntervalMs: PATIENT_MS });
    await eventually(() => hasEverything('ledger', ledger));
    const gate = new Gate();
    ledger.deliver = async (request) => {
      await gate.pass();
      return ledger.apply(request);
    };
    await post(1, alice);
    publisher.nudge();
    await gate.arrival;
    await post(1, alice);
    const { rounds } = observer;
    publisher.nudge();
    await eventually(() => expect(observer.rounds).toBeGreaterThan(rounds));
    gate.open();
    await eventually(() => hasEverything('ledger', ledger));
  });

  it('puts what several buckets have into one delivery, and goes on at once while there is more', async () => {
    const { execute } = testEngine(database.connections);
    const updates = [alice, bob].flatMap((account) =>
      Array.from({ length: 600 }, (_, i) => commands.update(account, { tier: `t${i}` })),
    );
    await execute(...updates.map((update) => commands.submission(update, database.buckets)));
    const ledger = await consumer();
    await pushing({ ledger }, { pollIntervalMs: PATIENT_MS });
    await eventually(() => hasEverything('ledger', ledger));
    const [first, second] = ledger.deliveries;
    expect(new Set([first?.bucket, second?.bucket])).toEqual(new Set([bucket, bucketOf(bob, 8)]));
    // Without anybody who tells it of a commit, or a look at its interval.
    expect(ledger.calls).toBeLessThan(6);
  });

  it('goes on behind what the consumer has already applied', async () => {
    await post(6, alice);
    const ledger = await consumer();
    const head = (await heads()).get(bucket) ?? 0n;
    ledger.applied.set(bucket, head - 2n);
    await pushing({ ledger });
    await eventually(async () => expect(await positionOf('ledger', bucket)).toBe(head));
    expect(ledger.facts.get(bucket)?.map(({ sequence }) => sequence)).toEqual([head - 1n, head]);
  });

  it('goes back to where a consumer is that was restored from a backup', async () => {
    const ledger = await consumer();
    await post(3, alice);
    await pushing({ ledger });
    await eventually(() => hasEverything('ledger', ledger));
    ledger.applied.set(bucket, 1n);
    ledger.facts.set(bucket, (ledger.facts.get(bucket) ?? []).slice(0, 1));
    await post(1, alice);
    await eventually(() => hasEverything('ledger', ledger));
  });

  it('does not believe a consumer that has facts which the ledger does not have', async () => {
    const ledger = await consumer();
    ledger.deliver = () => 1_000_000n;
    const { observer } = await pushing({ ledger });
    await eventually(() => expect(observer.failures.length).toBeGreaterThan(1));
    expect(observer.failures[0]?.error).toBeInstanceOf(FactIntegrityError);
    expect(await positionOf('ledger', bucket)).toBe(0n);
    ledger.deliver = (request) => ledger.apply(request);
    await eventually(() => hasEverything('ledger', ledger));
  });

  it('tries again, later each time, what fails, and notes it', async () => {
    const ledger = await consumer();
    let failures = 0;
    ledger.deliver = (request) => {
      if (request.bucket !== bucket || failures === 3) return ledger.apply(request);
      failures += 1;
      throw new Error('cannot');
    };
    await post(1, alice, bob);
    const { observer } = await pushing({ ledger });
    await eventually(() => hasEverything('ledger', ledger));
    expect(observer.failures.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    await eventually(async () => {
      const { rows } = await database.superuser.query(
        'select bucket, consumer, attempt from balance.fact_deliveries order by attempt',
      );
      expect(rows).toEqual([1, 2].map((attempt) => ({ bucket, consumer: 'ledger', attempt })));
    });
  });

  it('makes a consumer that takes nothing wait', async () => {
    const ledger = await consumer();
    const arrivedAtMs: number[] = [];
    ledger.deliver = (request) => {
      if (request.bucket === bucket) arrivedAtMs.push(performance.now());
      return 0n;
    };
    await pushing({ ledger });
    await eventually(() => expect(arrivedAtMs.length).toBeGreaterThan(4));
    // At least half of 0.1, 0.2, 0.4 and 0.8 seconds.
    const [first = NaN, , , , fifth = NaN] = arrivedAtMs;
    expect(fifth - first).toBeGreaterThan(700);
  });

  it('brings a consumer that was away everything soon after it is back, and does not keep others waiting', async () => {
    const [ledger, analytics] = [await consumer(), await consumer()];
    analytics.stop();
    const { observer } = await pushing({ ledger, analytics });
    await post(4, alice, bob);
    await eventually(() => hasEverything('ledger', ledger));
    await eventually(() => expect(observer.events).toEqual(['analytics away']));
    expect(observer.failures.every((failure) => failure.error instanceof OutageError)).toBe(true);
    // For long enough that its return is worth telling.
    await eventually(() => expect(observer.failures.length).toBeGreaterThan(8));
    await analytics.start();
    await eventually(() => hasEverything('analytics', analytics));
    expect(observer.events).toEqual(['analytics away', 'analytics back']);
  });

  it('does not let a consumer that never answers keep others waiting', async () => {
    const [ledger, analytics] = [await consumer(), await consumer()];
    analytics.deliver = () => new Promise(() => undefined);
    const patient = await pushing({ ledger, analytics });
    await post(5, alice, bob);
    // While it still waits for the other.
    await eventually(() => hasEverything('ledger', ledger));
    expect(patient.observer.failures).toEqual([]);
    expect(analytics.deliveries.length).toBeGreaterThan(0);
    // As the end of its process would.
    analytics.stop();
    await patient.publisher.stop();
    await analytics.start();
    const { observer } = await pushing({ ledger, analytics }, { deadlineMs: HASTY_MS });
    await eventually(() => expect(observer.failures.length).toBeGreaterThan(0));
    analytics.deliver = (request) => analytics.apply(request);
    await eventually(() => hasEverything('analytics', analytics));
  });

  it('applies once what a consumer applied without its answer arriving', async () => {
    const ledger = await consumer();
    let silent = 2;
    ledger.deliver = (request) => {
      const through = ledger.apply(request);
      silent -= 1;
      return silent >= 0 ? new Promise<bigint>(() => undefined) : through;
    };
    await post(3, alice, bob);
    await pushing({ ledger }, { deadlineMs: HASTY_MS });
    await eventually(() => hasEverything('ledger', ledger));
  });
});

describe('several processes that push', () => {
  it('bring everything, in order, and each leaves alone what another is at', async () => {
    const ledger = await consumer();
    const processes = [await pushing({ ledger }), await pushing({ ledger }), await pushing({ ledger })];
    const underWay = new Set<number>();
    let overlaps = 0;
    ledger.deliver = async (request) => {
      if (underWay.has(request.bucket)) overlaps += 1;
      underWay.add(request.bucket);
      await delay(5);
      underWay.delete(request.bucket);
      return ledger.apply(request);
    };
    for (let i = 0; i < 30; i++) {
      await post(1, alice, bob);
      processes[i % 3]?.publisher.nudge();
    }
    await eventually(() => hasEverything('ledger', ledger));
    expect(overlaps).toBe(0);
    const sent = ledger.deliveries.reduce((sum, { facts }) => sum + facts.length, 0);
    expect(sent).toBe(ledger.count);
  });

  it('hand over what one was at when it hung, after its lease, and its late answer moves nothing', async () => {
    const ledger = await consumer();
    const late: ((through: bigint) => void)[] = [];
    let isHanging = true;
    ledger.deliver = (request) =>
      isHanging ? new Promise<bigint>((resolve) => late.push(resolve)) : ledger.apply(request);
    const patient = new GrpcFactSink({ consumer: 'ledger', address: ledger.address, deadlineMs: PATIENT_MS });
    const hung = testPublisher(await database.connect(), [patient], { leaseMs: 700, attemptMaxMs: 100 });
    hung.publisher.start();
    await post(2, alice);
    await eventually(() => expect(ledger.deliveries.length).toBeGreaterThan(0));
    isHanging = false;
    await pushing({ ledger });
    await eventually(() => hasEverything('ledger', ledger));
    const stopping = hung.publisher.stop();
    for (const answer of late) answer(1n);
    await stopping;
    await patient.close();
    await hasEverything('ledger', ledger);
  });

  it('go on from where another stopped', async () => {
    const ledger = await consumer();
    const first = await pushing({ ledger });
    await post(2, alice, bob);
    await eventually(() => hasEverything('ledger', ledger));
    await first.publisher.stop();
    await post(2, alice, bob);
    const sent = ledger.deliveries.length;
    await pushing({ ledger });
    await eventually(() => hasEverything('ledger', ledger));
    const again = ledger.deliveries.slice(sent).flatMap(({ facts }) => facts);
    expect(again).toHaveLength(4);
  });
});

describe('FactPublisher.stop', () => {
  it('lets a delivery under way end, moves its position and gives its lease back', async () => {
    const ledger = await consumer();
    const answers: (() => void)[] = [];
    ledger.deliver = async (request) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return ledger.apply(request);
    };
    const { publisher } = await pushing({ ledger });
    const isUnderWay = async () => expect(ledger.deliveries.length).toBeGreaterThan(0);
    await eventually(isUnderWay);
    const underWay = ledger.deliveries[0];
    ledger.deliver = (request) => ledger.apply(request);
    const stopping = publisher.stop();
    let hasStopped = false;
    void stopping.then(() => (hasStopped = true));
    await delay(50);
    expect(hasStopped).toBe(false);
    for (const answer of answers) answer();
    await stopping;
    expect(await positionOf('ledger', underWay?.bucket ?? -1)).toBe(underWay?.facts.at(-1)?.sequence);
    const { rows } = await database.superuser.query(
      'select from balance.fact_positions where owner is not null or lease_until_ms > 0',
    );
    expect(rows).toEqual([]);
    const sent = ledger.deliveries.length;
    publisher.nudge();
    await delay(100);
    expect(ledger.deliveries).toHaveLength(sent);
  });
});

describe('a publisher without its database', () => {
  it('says so, and goes on when it is back', async () => {
    const ledger = await consumer();
    const { observer } = await pushing({ ledger });
    await eventually(() => hasEverything('ledger', ledger));
    await database.superuser.query('alter table balance.fact_positions rename to away');
    await eventually(() => expect(observer.interruptions.length).toBeGreaterThan(0));
    await post(2, alice);
    await database.superuser.query('alter table balance.away rename to fact_positions');
    await eventually(() => hasEverything('ledger', ledger));
  });
});
