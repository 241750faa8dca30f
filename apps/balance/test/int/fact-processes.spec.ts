import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { balanceV1, factsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { Pool } from '@steelyard/platform/postgres';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { useDatabase } from '@steelyard/testing/postgres';
import { eventually } from '@steelyard/testing/wait';
import { FactConsumer } from '../support/fact-consumer.js';
import { superuserPool } from '../support/use-balance-database.js';
import { wire } from '../support/wire.js';

const DEADLINE_MS = 60_000;
/** Longer than any stall of a test's machine: who has a lease keeps it. */
const LONG_LEASE_MS = 120_000;
/** What a killed process leaves is taken over within a test's time. */
const SHORT_LEASE_MS = 2_000;

/** The app as operators run it: processes that are killed, stopped and started beside each other. */
describe('balance processes that push facts', () => {
  const database = useDatabase();
  let superuser: Pool;
  let ledger: FactConsumer;
  let processes: RunningApp[] = [];

  beforeEach(async () => {
    ledger = await new FactConsumer().start();
    processes = [];
    superuser = superuserPool(database.url);
    await superuser.query('drop schema if exists balance, ledger cascade');
  });
  afterEach(async () => {
    await Promise.all(processes.map((app) => app.stop()));
    ledger.stop();
    await superuser.end();
  });

  async function startTwo({ leaseMs }: { leaseMs: number }): Promise<RunningApp[]> {
    processes = [await start(leaseMs)];
    processes.push(await start(leaseMs));
    return processes;
  }

  const start = (leaseMs: number): Promise<RunningApp> =>
    startApp('balance', {
      DATABASE_URL: database.url,
      JWT_HS256_SECRET: 'only for tests'.padEnd(32, '.'),
      LOG_LEVEL: 'warn',
      BUCKETS: '8',
      FACT_CONSUMERS: 'ledger',
      FACTS_LEASE_MS: String(leaseMs),
      LEDGER_GRPC_PORT: String(ledger.port),
    });

  /** Sends so many deposits to one process, on accounts of all buckets; returns how many were answered. */
  async function deposit(app: RunningApp | undefined, count: number): Promise<number> {
    const address = app?.grpcTarget ?? '';
    const client = grpcClient(balanceV1.BalanceServiceService, { address, deadlineMs: DEADLINE_MS });
    let answered = 0;
    try {
      for (let i = 0; i < count; i++) {
        await client.call('execute', { commands: [wire.deposit(`account-${i % 40}`)] });
        answered += 1;
      }
    } catch {
      // The process was killed; what it had answered is committed.
    } finally {
      await client.close();
    }
    return answered;
  }

  async function hasEverything(): Promise<void> {
    const { rows } = await superuser.query<{ bucket: number; sequence: bigint; position: bigint }>(
      `select head.bucket, head.sequence, place.sequence as position
       from balance.heads as head join balance.fact_positions as place using (bucket)
       where head.sequence > 0 order by bucket`,
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const { bucket, sequence, position } of rows) {
      expect(position).toBe(sequence);
      const sequences = ledger.facts.get(bucket)?.map((fact) => fact.sequence);
      expect(sequences).toEqual(Array.from({ length: Number(sequence) }, (_, i) => BigInt(i + 1)));
    }
  }

  it('bring every fact in order while both post, each once while leases hold', async () => {
    await startTwo({ leaseMs: LONG_LEASE_MS });
    expect(await Promise.all(processes.map((app) => deposit(app, 60)))).toEqual([60, 60]);
    await eventually(hasEverything);
    const sent = ledger.deliveries.reduce((sum, { facts }) => sum + facts.length, 0);
    expect(sent).toBe(ledger.count);
  });

  it('take over what a killed one was delivering', async () => {
    const [first, second] = await startTwo({ leaseMs: SHORT_LEASE_MS });
    let hanging = 0;
    let isHanging = false;
    // Some deliveries are taken and never answered, as their sender will be dead by then.
    ledger.deliver = (request) => {
      const through = ledger.apply(request);
      if (!isHanging) return through;
      hanging += 1;
      return new Promise<bigint>(() => undefined);
    };
    const posting = Promise.all([deposit(first, 10_000), deposit(second, 150)]);
    await eventually(() => expect(ledger.count).toBeGreaterThan(40));
    isHanging = true;
    await eventually(() => expect(hanging).toBeGreaterThan(2));
    await first?.kill9();
    isHanging = false;
    await posting;
    await eventually(hasEverything);
    await first?.restart();
    await deposit(first, 10);
    await eventually(hasEverything);
  });

  it('end without leaving a lease, and what they were delivering ends with them', async () => {
    const [first, second] = await startTwo({ leaseMs: LONG_LEASE_MS });
    await second?.stop();
    ledger.deliver = async (request) => {
      await delay(30);
      return ledger.apply(request);
    };
    expect(await deposit(first, 40)).toBe(40);
    expect(await first?.stop()).toBe(0);
    const { rows } = await superuser.query<{ leases: number }>(
      'select count(*)::int as leases from balance.fact_positions where owner is not null',
    );
    expect(rows).toEqual([{ leases: 0 }]);
    const { rows: ahead } = await superuser.query<{ bucket: number; sequence: bigint }>(
      `select bucket, sequence from balance.fact_positions where sequence > 0`,
    );
    for (const { bucket, sequence } of ahead) expect(ledger.applied.get(bucket)).toBe(sequence);
    await second?.restart();
    await eventually(hasEverything);
  });

  it('serve facts and heads, and tell how far consumers are behind', async () => {
    const [first] = await startTwo({ leaseMs: LONG_LEASE_MS });
    ledger.deliver = () => Promise.reject(new Error('not now'));
    expect(await deposit(first, 10)).toBe(10);
    const client = grpcClient(factsV1.FactServiceService, {
      address: first?.grpcTarget ?? '',
      deadlineMs: DEADLINE_MS,
    });
    try {
      const { heads } = await client.call('getHeads', {});
      const total = heads.reduce((sum, { sequence }) => sum + sequence, 0n);
      expect(heads).toHaveLength(8);
      const busy = heads.find(({ sequence }) => sequence > 1n);
      const page = await client.call('readFacts', { bucket: busy?.bucket ?? 0, afterSequence: 1n, limit: 1 });
      expect(page).toMatchObject({
        headSequence: busy?.sequence,
        facts: [{ sequence: 2n, bucket: busy?.bucket }],
      });
      await eventually(async () => {
        const metrics = await (await fetch(`${first?.httpUrl}/metrics`)).text();
        const valueOf = (name: string): number =>
          Number(metrics.split(`\n${name}{consumer="ledger",app="balance"} `)[1]?.split('\n')[0]);
        expect(valueOf('steelyard_facts_behind')).toBe(Number(total));
        expect(valueOf('steelyard_facts_behind_seconds')).toBeGreaterThan(0);
        expect(valueOf('steelyard_facts_delivery_failures_total')).toBeGreaterThan(0);
      });
    } finally {
      await client.close();
    }
  });
});
