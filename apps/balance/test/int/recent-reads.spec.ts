import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';
import { bucketOf } from '@steelyard/domain/accounts';
import { GENESIS } from '@steelyard/domain/ledger-chain';
import type { Command } from '@steelyard/domain/posting';
import { createLogger, createMetrics } from '@steelyard/platform/observability';
import { withSeed } from '@steelyard/testing/seed';
import { eventually } from '@steelyard/testing/wait';
import { RestoreAccountHandler } from '../../src/application/restore-account/restore-account.handler.js';
import { composeBalance, type ComposedBalance } from '../../src/balance.composition.js';
import { loadConfig } from '../../src/config.js';
import { MemoryAccountCache } from '../../src/infrastructure/cache/memory-account-cache.js';
import { AccountRepository } from '../../src/infrastructure/postgres/account.repository.js';
import { RestoreAccountRepository } from '../../src/infrastructure/postgres/restore-account.repository.js';
import { WatchHeadsJob } from '../../src/jobs/watch-heads.job.js';
import * as commands from '../support/commands.js';
import { useBalanceDatabase, type Connections } from '../support/use-balance-database.js';

const WATCH_MS = 20;
/** Far longer than any of these tests: what is seen sooner was not seen because its time was over. */
const LONG_MS = 60_000;
const SHORT_MS = 300;

/** One process of the app. */
interface Process {
  readonly app: ComposedBalance;
  readonly hits: () => Promise<number>;
  readonly connections: Connections;
  readonly cache: MemoryAccountCache;
  stop(): void;
}

describe('reads of accounts from memory', () => {
  const database = useBalanceDatabase();
  const processes: Process[] = [];
  let [one, other]: Process[] = [];
  afterAll(() => processes.forEach((process) => process.stop()));
  beforeAll(async () => {
    one = await start(LONG_MS);
    other = await start(LONG_MS);
  });

  const start = async (timeToLiveMs: number): Promise<Process> => {
    const connections = await database.connect();
    const config = loadConfig({
      DATABASE_URL: database.url,
      BUCKETS: String(database.buckets),
      JWT_HS256_SECRET: 'only for tests'.padEnd(32, '.'),
      ACCOUNT_READ_CACHE_TTL_MS: String(timeToLiveMs),
      ACCOUNT_CACHE_WATCH_MS: String(WATCH_MS),
    });
    const metrics = createMetrics('balance');
    const logger = createLogger('balance', 'silent');
    const accountCache = new MemoryAccountCache({ accountsMax: 1_000, ageMaxMs: LONG_MS, now: Date.now });
    const app = composeBalance({ ...connections, accountCache }, config, { metrics, logger });
    const registry = new SchedulerRegistry();
    const { headWatch: watch, storage } = app;
    if (watch) {
      const schedule = { intervalMs: WATCH_MS, buckets: database.buckets, registry };
      const job = new WatchHeadsJob({ watch, storage, now: Date.now }, schedule, logger);
      await job.run();
      job.onApplicationBootstrap();
    }
    const counter = metrics.getSingleMetric('steelyard_account_cache_hits_total');
    const process = {
      app,
      connections,
      cache: accountCache,
      hits: async () => (await counter?.get())?.values[0]?.value ?? 0,
      stop: () => registry.getIntervals().forEach((name) => registry.deleteInterval(name)),
    };
    processes.push(process);
    return process;
  };
  const running = (process: Process | undefined): Process => {
    if (process === undefined) throw new Error('the processes run only while tests run');
    return process;
  };
  const post = async (process: Process | undefined, command: Command): Promise<void> => {
    const [answer] = await running(process).app.engine.execute([
      commands.submission(command, database.buckets),
    ]);
    expect(answer?.outcome.kind).toMatch(/transaction|account|reservation/);
  };
  const view = async (process: Process | undefined, accountId: string) => {
    const { accounts, isStale } = await running(process).app.readAccounts.viewByIds([accountId]);
    expect(isStale).toBe(false);
    return accounts[0]?.account;
  };
  const balance = async (process: Process | undefined, accountId: string) =>
    (await view(process, accountId))?.balance;
  /** Reads until memory answers. */
  const warm = (process: Process | undefined, accountId: string): Promise<void> =>
    eventually(async () => {
      const before = await running(process).hits();
      await view(process, accountId);
      expect(await running(process).hits()).toBe(before + 1);
    });
  const tamper = (accountId: string, amount: number) =>
    database.superuser.query('update balance.accounts set balance = $2 where account_id = $1', [
      accountId,
      amount,
    ]);

  it('answer again what was read, without the database', async () => {
    let attempts = 0;
    // A process that had no time to look at the heads asks the database, and is right to.
    await eventually(async () => {
      const accountId = `read-twice-${attempts++}`;
      await post(one, commands.deposit(accountId, 100n));
      await warm(other, accountId);
      await tamper(accountId, 7);
      expect(await balance(other, accountId)).toBe(100n);
    });
  });

  it('show what this process has committed, at once', async () => {
    await post(one, commands.deposit('own', 1n));
    await warm(one, 'own');
    for (let round = 2n; round < 50n; round += 1n) {
      await post(one, commands.deposit('own', 1n));
      expect(await balance(one, 'own')).toBe(round);
    }
  });

  it('show what another process has committed, long before their time is over', async () => {
    await post(one, commands.deposit('shared', 1n));
    await warm(other, 'shared');
    await post(one, commands.deposit('shared', 1n));
    await eventually(async () => expect(await balance(other, 'shared')).toBe(2n));
  });

  it('show what was changed past the platform when their time is over', async () => {
    const process = await start(SHORT_MS);
    await post(process, commands.deposit('tampered', 100n));
    await warm(process, 'tampered');
    await tamper('tampered', 7);
    await eventually(async () => expect(await balance(process, 'tampered')).toBe(7n));
  });

  it('show what was restored, here and elsewhere', async () => {
    await post(one, commands.deposit('restored', 100n));
    await tamper('restored', 7);
    const fresh = await start(LONG_MS);
    await warm(fresh, 'restored');
    const { connections, cache } = running(one);
    const restorer = new RestoreAccountRepository(connections.pool, Date.now);
    const accounts = new AccountRepository(connections.pool, Date.now);
    await new RestoreAccountHandler({ restorer, accounts, cache, now: Date.now }).execute({
      accountId: 'restored',
      bucket: bucketOf('restored', database.buckets),
      proven: { sequence: 0n, balance: 0n, checksum: GENESIS },
      performedBy: 'olga',
      reason: 'a test',
    });
    expect(await balance(one, 'restored')).toBe(100n);
    await eventually(async () => expect(await balance(fresh, 'restored')).toBe(100n));
  });

  it('do not hold what holds no more by the clock', async () => {
    await post(one, commands.deposit('held', 100n));
    await eventually(async () => {
      await post(one, commands.reserve('held', 40n, { timeoutMs: SHORT_MS }));
      // Unless it was over before it was looked at.
      expect((await view(one, 'held'))?.held).toBe(40n);
    });
    await eventually(async () => expect((await view(one, 'held'))?.held).toBe(0n));
  });

  it('always ask for accounts that everyone pays into', async () => {
    const before = (await balance(one, '@world/CHIPS')) ?? 0n;
    await post(one, commands.deposit('from-world', 5n));
    expect(await balance(one, '@world/CHIPS')).toBe(before - 5n);
  });

  it('are never the ground of a decision', async () => {
    await post(one, commands.deposit('decided', 100n));
    await warm(one, 'decided');
    await tamper('decided', 7);
    expect((await running(one).app.readAccounts.byIds(['decided']))[0]?.balance).toBe(7n);
  });

  it('do not happen unless they are asked for', async () => {
    const process = await start(0);
    await post(process, commands.deposit('asked', 100n));
    expect(await balance(process, 'asked')).toBe(100n);
    await tamper('asked', 7);
    expect(await balance(process, 'asked')).toBe(7n);
  });

  it('never show less than the process itself wrote, whoever else writes', () =>
    withSeed(async (random) => {
      const accounts = Array.from({ length: 5 }, (_, i) => `both-${i}`);
      const client = async (): Promise<void> => {
        for (let round = 0; round < 60; round++) {
          const process = running(random.pick([one, other]));
          const accountId = random.pick(accounts);
          const submission = commands.submission(commands.deposit(accountId, 1n), database.buckets);
          const [answer] = await process.app.engine.execute([submission]);
          const outcome = answer?.outcome;
          if (outcome?.kind !== 'transaction') throw new Error('a deposit was not granted');
          const entry = outcome.transaction.entries.find((candidate) => candidate.accountId === accountId);
          const seen = await view(process, accountId);
          expect(seen?.sequence).toBeGreaterThanOrEqual(entry?.sequence ?? Infinity);
        }
      };
      await Promise.all(Array.from({ length: 6 }, client));
    }));
});
