import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { createDataSource } from './data-source.js';
import { isOutage } from './sqlstate.js';
import type { MigrationClass } from './sql-migration.js';

/** How migrations run. Durations in milliseconds. */
export interface MigrationRun {
  /** The service's schema; created when missing, and holds its migrations table. */
  readonly schema: string;
  /** Processes that migrate under the same key take turns. One key a service. */
  readonly lockKey: bigint | number;
  /** How long to wait for the database to come up and for another process's turn. Default one minute. */
  readonly waitMs?: number;
  /** How long a migration may wait for a lock, and with it block those behind it. Default 5 seconds. */
  readonly lockTimeoutMs?: number;
  /** How long one statement may take. Default 10 minutes. */
  readonly statementTimeoutMs?: number;
  /** Told about each attempt that met an outage. */
  readonly onWait?: (error: unknown) => void;
}

const WAIT_MS = 60_000;
const LOCK_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 600_000;
const RETRY_DELAY_MS = 250;

/**
 * Brings a schema up to date: runs the migrations that it has not seen, in one transaction, so that they are in
 * it all or not at all. The lock on the key belongs to that transaction, so it cannot outlive it, whatever
 * happens to the process. Waits, bounded, while the database is not up.
 *
 * @returns names of the migrations that ran.
 * @throws the last outage after waiting for it, or what a migration failed with.
 */
export async function migrate(
  url: string,
  migrations: readonly MigrationClass[],
  run: MigrationRun,
): Promise<readonly string[]> {
  const giveUpAtMs = Date.now() + (run.waitMs ?? WAIT_MS);
  for (;;) {
    try {
      return await attempt(url, migrations, run);
    } catch (error) {
      if (!isOutage(error) || Date.now() >= giveUpAtMs) throw error;
      run.onWait?.(error);
      await delay(RETRY_DELAY_MS);
    }
  }
}

async function attempt(
  url: string,
  migrations: readonly MigrationClass[],
  run: MigrationRun,
): Promise<readonly string[]> {
  const dataSource = createDataSource({
    url,
    schema: run.schema,
    migrations,
    applicationName: `steelyard migrations of ${run.schema}`,
    statementTimeoutMs: run.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    sizeMax: 1,
  });
  try {
    await dataSource.initialize();
    return await migrateUnderLock(dataSource, run);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function migrateUnderLock(dataSource: DataSource, run: MigrationRun): Promise<readonly string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction('READ COMMITTED');
    await takeTurn(runner, run);
    await runner.query(`create schema if not exists ${pg.escapeIdentifier(run.schema)}`);
    // Given a runner that is in a transaction, the executor stays in it.
    const executed = await new MigrationExecutor(dataSource, runner).executePendingMigrations();
    await runner.commitTransaction();
    return executed.map(({ name }) => name);
  } catch (error) {
    // What it failed with matters; a connection too broken to roll back has rolled back by itself.
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

async function takeTurn(runner: QueryRunner, run: MigrationRun): Promise<void> {
  await setLockTimeout(runner, run.waitMs ?? WAIT_MS);
  await runner.query('select pg_advisory_xact_lock($1::bigint)', [String(run.lockKey)]);
  await setLockTimeout(runner, run.lockTimeoutMs ?? LOCK_TIMEOUT_MS);
}

async function setLockTimeout(runner: QueryRunner, lockTimeoutMs: number): Promise<void> {
  await runner.query(`select set_config('lock_timeout', $1, true)`, [`${lockTimeoutMs}ms`]);
}
