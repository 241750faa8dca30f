import { afterAll, beforeAll } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, type AppRuntime } from '@steelyard/platform/lifecycle';
import { createLogger, createMetrics, type Logger } from '@steelyard/platform/observability';
import { freePort } from '@steelyard/processes';
import { eventually } from '@steelyard/testing/wait';
import { LEDGER_APP } from '../../src/app.js';
import { loadConfig, type LedgerConfig } from '../../src/config.js';
import { useBooks, type Books } from './use-books.js';

export interface RunningLedger {
  readonly app: NestFastifyApplication;
  readonly config: LedgerConfig;
  stop(): Promise<void>;
}

/** Starts the whole app in this process on free ports, and does not wait until it is ready. */
export async function startLedger(
  env: Readonly<Record<string, string>>,
  logger: Logger = createLogger('ledger', 'silent'),
): Promise<RunningLedger> {
  const ports = { LEDGER_HTTP_PORT: String(await freePort()), LEDGER_GRPC_PORT: String(await freePort()) };
  const config = loadConfig({ ...ports, ...env });
  const endings: (() => Promise<void>)[] = [];
  const runtime: AppRuntime = {
    name: 'ledger',
    version: '0.0.0',
    logger,
    metrics: createMetrics('ledger'),
    onClose: (work) => endings.push(work),
  };
  const app = await createApp(LEDGER_APP, config, runtime);
  await app.init();
  await app.startAllMicroservices();
  return {
    app,
    config,
    stop: async () => {
      await app.close();
      for (const end of endings.toReversed()) await end();
    },
  };
}

/** Waits until GET /ready answers 200. */
export async function ready({ app }: RunningLedger): Promise<void> {
  const check = async (): Promise<boolean> => (await app.inject({ url: '/ready' })).statusCode === 200;
  await eventually(check);
}

export interface LedgerAppSuite {
  readonly books: Books;
  readonly running: RunningLedger;
}

/** Runs the app over books of its own for the suite that calls it. */
export function useLedgerApp(
  env: () => Promise<Readonly<Record<string, string>>> = async () => ({}),
): LedgerAppSuite {
  let running: RunningLedger | undefined;
  // Before the database's own: the app ends before its database is dropped.
  afterAll(() => running?.stop());
  const books = useBooks();
  beforeAll(async () => {
    running = await startLedger({ DATABASE_URL: books.url, ...(await env()) });
    await ready(running);
  });
  return {
    books,
    get running() {
      if (running === undefined) throw new Error('the app runs only while hooks and tests run');
      return running;
    },
  };
}
