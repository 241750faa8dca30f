import { afterAll, beforeAll } from '@jest/globals';
import { createApp, type AppRuntime } from '@steelyard/platform/lifecycle';
import { createLogger, createMetrics } from '@steelyard/platform/observability';
import { freePort } from '@steelyard/processes';
import { useDatabase } from '@steelyard/testing/postgres';
import { BALANCE_APP } from '../../src/app.js';
import { loadConfig, type BalanceConfig } from '../../src/config.js';

export type Environment = Readonly<Record<string, string>>;

export interface BalanceAppSuite {
  readonly config: BalanceConfig;
  readonly grpcAddress: string;
}

/** Runs the whole app in this process over a database of its own for the suite that calls it. */
export function useBalanceApp(env: () => Promise<Environment> = async () => ({})): BalanceAppSuite {
  let config: BalanceConfig | undefined;
  let stop = async (): Promise<void> => undefined;
  // Before the database's own: the app ends before its database is dropped.
  afterAll(() => stop());
  const database = useDatabase();
  beforeAll(async () => {
    const started = await start({ DATABASE_URL: database.url, ...(await env()) });
    config = started.config;
    stop = started.stop;
  });
  const running = (): BalanceConfig => {
    if (config === undefined) throw new Error('the app runs only while hooks and tests run');
    return config;
  };
  return {
    get config() {
      return running();
    },
    get grpcAddress() {
      return `127.0.0.1:${running().BALANCE_GRPC_PORT}`;
    },
  };
}

async function start(env: Environment): Promise<{ config: BalanceConfig; stop: () => Promise<void> }> {
  const ports = { BALANCE_HTTP_PORT: String(await freePort()), BALANCE_GRPC_PORT: String(await freePort()) };
  // Without it the app would make one of its own, in a directory that outlives the test.
  const secret = { JWT_HS256_SECRET: 'only for tests'.padEnd(32, '.') };
  // Whoever listens on the default ports of consumers belongs to somebody else.
  const config = loadConfig({ ...ports, ...secret, FACT_CONSUMERS: 'none', ...env });
  const endings: (() => Promise<void>)[] = [];
  const runtime: AppRuntime = {
    name: 'balance',
    version: '0.0.0',
    logger: createLogger('balance', 'silent'),
    metrics: createMetrics('balance'),
    onClose: (work) => endings.push(work),
  };
  const app = await createApp(BALANCE_APP, config, runtime);
  await app.init();
  await app.startAllMicroservices();
  const stop = async (): Promise<void> => {
    await app.close();
    for (const end of endings.toReversed()) await end();
  };
  return { config, stop };
}
