import { describe, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { createLogger } from '@steelyard/platform/observability';
import { OutageError } from '@steelyard/platform/outage';
import {
  DueAccounts,
  ExpireReservationsHandler,
} from '../../src/application/expire-reservations/expire-reservations.handler.js';
import { DueAccountRepository } from '../../src/infrastructure/postgres/due-account.repository.js';
import { ExpireReservationsJob } from '../../src/jobs/expire-reservations.job.js';
import { faultsOf } from '../support/audit.js';
import * as commands from '../support/commands.js';
import { Gate } from '../support/gated-storage.js';
import { testEngine, type TestEngine } from '../support/test-engine.js';
import { useBalanceDatabase, type Connections } from '../support/use-balance-database.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How far the clocks of sweepers are ahead: what is due for them is long not due for those who reserve. */
const AHEAD_MS = HOUR_MS;
const never = new AbortController().signal;

describe('the sweep of expired reservations', () => {
  const database = useBalanceDatabase();

  /** One process, whose clock is ahead by `offsetMs`. */
  const sweeper = (connections: Connections, offsetMs: number) => {
    const now = () => Date.now() + offsetMs;
    const engine = testEngine(connections, { now });
    const accounts = new DueAccountRepository(connections.pool);
    const options = { buckets: database.buckets, now };
    return { engine, handler: new ExpireReservationsHandler(accounts, engine.engine, options) };
  };
  /** New accounts with 10 minor units each, of which holds of `timeoutMs` take two at a time. */
  const holders = async (
    { execute }: TestEngine,
    { count, timeoutMs }: { count: number; timeoutMs: readonly number[] },
  ): Promise<readonly string[]> => {
    const id = commands.accountIds();
    const accountIds = Array.from({ length: count }, (_, i) => id(`a${i}`));
    const submit = (command: Parameters<typeof commands.submission>[0]) =>
      commands.submission(command, database.buckets);
    await execute(...accountIds.map((accountId) => submit(commands.deposit(accountId, 10n))));
    for (const timeout of timeoutMs) {
      const reserve = (accountId: string) => commands.reserve(accountId, 2n, { timeoutMs: timeout });
      await execute(...accountIds.map((accountId) => submit(reserve(accountId))));
    }
    return accountIds;
  };
  const stored = async (accountIds: readonly string[]) => {
    const { rows } = await database.superuser.query<{ held: bigint; statuses: number[]; expired: bigint }>(
      `select account.held, array_agg(reservation.status order by reservation.expires_at_ms) as statuses,
              (select count(*) from balance.facts as fact
               where fact.bucket = account.bucket and fact.kind = 113
                 and fact.data::jsonb -> 'reservation' ->> 'accountId' = account.account_id) as expired
       from balance.accounts as account
       join balance.reservations as reservation using (bucket, account_id)
       where account.account_id = any($1) group by account.bucket, account.account_id, account.held`,
      [accountIds],
    );
    return rows;
  };

  it('ends what is due, and leaves what is not', async () => {
    const { engine, handler } = sweeper(database.connections, AHEAD_MS);
    const accountIds = await holders(testEngine(database.connections), {
      count: 3,
      timeoutMs: [10 * MINUTE_MS, 20 * MINUTE_MS, 4 * HOUR_MS],
    });
    expect(await handler.execute(never)).toBe(3);
    expect(await stored(accountIds)).toEqual(Array(3).fill({ held: 2n, statuses: [4, 4, 1], expired: 2n }));
    expect(await handler.execute(never)).toBe(0);
    expect(engine.observer.failures).toEqual([]);
    expect(await faultsOf(database.superuser)).toEqual([]);
  });

  it('takes as many rounds as there are accounts for', async () => {
    const { handler } = sweeper(database.connections, AHEAD_MS);
    const accountIds = await holders(testEngine(database.connections), {
      count: 1_100,
      timeoutMs: [10 * MINUTE_MS],
    });
    expect(await handler.execute(never)).toBe(1_100);
    expect(new Set((await stored(accountIds)).map(({ held }) => held))).toEqual(new Set([0n]));
  });

  it('ends each of them once, however many replicas sweep at the same time', async () => {
    const replicas = [
      sweeper(database.connections, AHEAD_MS),
      sweeper(await database.connect(), AHEAD_MS),
      sweeper(await database.connect(), AHEAD_MS),
    ];
    const accountIds = await holders(testEngine(database.connections), {
      count: 200,
      timeoutMs: [10 * MINUTE_MS],
    });
    await Promise.all(replicas.map(({ handler }) => handler.execute(never)));
    expect(await stored(accountIds)).toEqual(Array(200).fill({ held: 0n, statuses: [4], expired: 1n }));
    expect(replicas.flatMap(({ engine }) => engine.observer.failures)).toEqual([]);
    expect(await faultsOf(database.superuser)).toEqual([]);
  });

  it('ends before the next round when it is told to', async () => {
    const { handler } = sweeper(database.connections, AHEAD_MS);
    const [accountId = ''] = await holders(testEngine(database.connections), {
      count: 1,
      timeoutMs: [10 * MINUTE_MS],
    });
    expect(await handler.execute(AbortSignal.abort())).toBe(0);
    expect(await stored([accountId])).toMatchObject([{ statuses: [1] }]);
  });

  describe('as a job', () => {
    /** The real search for due accounts, which can be slow or fail. */
    class TroubledAccounts extends DueAccounts {
      isAway = false;
      gate: Gate | undefined;
      searches = 0;

      override async find(nowMs: number, limit: number): Promise<readonly string[]> {
        this.searches += 1;
        await this.gate?.pass();
        if (this.isAway) throw new OutageError('the database is away');
        return new DueAccountRepository(database.connections.pool).find(nowMs, limit);
      }
    }
    const jobOver = (accounts: DueAccounts) => {
      const events: string[] = [];
      const write = (line: string) => events.push((JSON.parse(line) as { event: string }).event);
      const { engine } = testEngine(database.connections);
      const options = { buckets: database.buckets, now: Date.now };
      const handler = new ExpireReservationsHandler(accounts, engine, options);
      const schedule = { intervalMs: HOUR_MS, registry: new SchedulerRegistry() };
      return {
        events,
        job: new ExpireReservationsJob(handler, schedule, createLogger('test', 'info', { write })),
      };
    };

    it('does not run over itself', async () => {
      const accounts = new TroubledAccounts();
      const gate = new Gate();
      accounts.gate = gate;
      const { job } = jobOver(accounts);
      const runs = [job.run(), job.run(), job.run()];
      await gate.arrival;
      expect(accounts.searches).toBe(1);
      gate.open();
      await Promise.all(runs);
      await job.run();
      expect(accounts.searches).toBe(2);
    });

    it('says once that it fails, and that it works again', async () => {
      const accounts = new TroubledAccounts();
      const { events, job } = jobOver(accounts);
      await job.run();
      accounts.isAway = true;
      for (let i = 0; i < 3; i++) await job.run();
      accounts.isAway = false;
      await job.run();
      await job.run();
      expect(events).toEqual(['reservations.expiry.failed', 'reservations.expiry.recovered']);
    });

    it('waits at the end for the round that is under way', async () => {
      const accounts = new TroubledAccounts();
      const gate = new Gate();
      accounts.gate = gate;
      const { job } = jobOver(accounts);
      let ended = false;
      const run = job.run();
      await gate.arrival;
      const destroyed = job.onModuleDestroy().then(() => (ended = true));
      await new Promise(setImmediate);
      expect(ended).toBe(false);
      gate.open();
      await Promise.all([run, destroyed]);
    });
  });
});
