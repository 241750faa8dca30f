import { PLATFORM_VERSION } from '@steelyard/platform/observability';
import { createPool, type Pool } from '@steelyard/platform/postgres';
import { ExportLedgerHandler } from './application/archive/export-ledger.handler.js';
import { ImportLedgerHandler } from './application/archive/import-ledger.handler.js';
import { ImportRefusedError } from './application/archive/import-refusal.error.js';
import type { ArchiveProgress, ArchiveReport } from './application/archive/archive.types.js';
import { ArchiveFile, readLines } from './infrastructure/archive/archive-file.js';
import { PostgresArchiveSource } from './infrastructure/archive/postgres-archive-source.js';
import { PostgresArchiveTarget } from './infrastructure/archive/postgres-archive-target.js';
import { DeploymentMismatchError, setUpSchema } from './infrastructure/postgres/schema-setup.js';

/** Told about the work while it goes on. */
export type OnProgress = (progress: ArchiveProgress) => void;

const PROGRESS_EVERY_MS = 2_000;
/** A page or batch takes milliseconds; a count over a large table or the wait for a slow reader may take long. */
const STATEMENT_TIMEOUT_MS = 3_600_000;
/** How long posting may keep an import from beginning. */
const LOCK_TIMEOUT_MS = 10_000;
const SETTINGS = { plan_cache_mode: 'force_generic_plan', jit: 'off' };

/** Writes the whole ledger of a database into a file, from one snapshot; posting goes on meanwhile. */
export async function exportLedger(
  url: string,
  path: string,
  onProgress: OnProgress,
): Promise<ArchiveReport> {
  return withConnection(url, 'steelyard export', async (pool) => {
    const client = await pool.connect();
    const file = new ArchiveFile(path);
    try {
      await client.query('begin isolation level repeatable read read only');
      const handler = new ExportLedgerHandler(new PostgresArchiveSource(client, PLATFORM_VERSION), file);
      const report = await watched(handler, onProgress, () => handler.execute());
      await client.query('commit');
      await file.complete();
      return report;
    } catch (error) {
      await file.discard();
      throw error;
    } finally {
      client.release(true);
    }
  });
}

/** Takes a file into an empty database, or nothing of it. @throws ImportRefusedError that says what is wrong */
export async function importLedger(
  url: string,
  path: string,
  onProgress: OnProgress,
): Promise<ArchiveReport> {
  return withConnection(url, 'steelyard import', async (pool) => {
    const client = await pool.connect();
    try {
      const target = new PostgresArchiveTarget(client, (choice) => prepareDeployment(url, choice));
      const handler = new ImportLedgerHandler(target);
      return await watched(handler, onProgress, () => handler.execute(readLines(path)));
    } finally {
      // With the connection ends a transaction that was not committed.
      client.release(true);
    }
  });
}

async function prepareDeployment(
  url: string,
  choice: { readonly buckets: number; readonly defaultCurrency: string },
): Promise<void> {
  try {
    await setUpSchema(url, choice);
  } catch (error) {
    if (error instanceof DeploymentMismatchError)
      throw new ImportRefusedError(error.message, undefined, { cause: error });
    throw error;
  }
}

async function withConnection<Result>(
  url: string,
  applicationName: string,
  work: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  const pool = createPool({
    url,
    applicationName,
    sizeMax: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    settings: SETTINGS,
  });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function watched<Result>(
  handler: { readonly progress: ArchiveProgress },
  onProgress: OnProgress,
  work: () => Promise<Result>,
): Promise<Result> {
  const timer = setInterval(() => onProgress(handler.progress), PROGRESS_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
