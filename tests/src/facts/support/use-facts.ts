import { afterAll, beforeAll } from '@jest/globals';
import { balanceV1, factsV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { Pool } from '@steelyard/platform/postgres';
import type { RpcClient } from '@steelyard/platform/rpc';
import { useDatabase } from '@steelyard/testing/postgres';
import { freePort, startApp, type RunningApp } from '@steelyard/testing/processes';
import type { BalanceProcess } from '../../acceptance/support/balance-processes.js';
import { patientPool } from '../../support/patient-pool.js';
import { startRecorder, type Recorder } from './recorder.js';

/** Two balance processes, the ledger and analytics apps, and a consumer that writes everything down. */
export interface FactsSuite {
  readonly pool: Pool;
  readonly balance: readonly BalanceProcess[];
  readonly ledger: RunningApp;
  readonly analytics: RunningApp;
  readonly recorder: Recorder;
  readonly factService: RpcClient<typeof factsV1.FactServiceService>;
}

const CALL_DEADLINE_MS = 60_000;

/** @param moreEnv for every process, read when the suite begins. */
export function useFacts(moreEnv: () => Promise<{ readonly NATS_URL?: string }>): FactsSuite {
  const closers: (() => Promise<unknown>)[] = [];
  // Before the database's own hook: the processes end before it is dropped.
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const database = useDatabase();
  let suite: FactsSuite | undefined;
  beforeAll(async () => {
    suite = await start(database.url, await moreEnv(), closers);
  });
  const running = (): FactsSuite => {
    if (suite === undefined) throw new Error('the processes run only while hooks and tests run');
    return suite;
  };
  return {
    get pool() {
      return running().pool;
    },
    get balance() {
      return running().balance;
    },
    get ledger() {
      return running().ledger;
    },
    get analytics() {
      return running().analytics;
    },
    get recorder() {
      return running().recorder;
    },
    get factService() {
      return running().factService;
    },
  };
}

async function start(
  url: string,
  moreEnv: { readonly NATS_URL?: string },
  closers: (() => Promise<unknown>)[],
): Promise<FactsSuite> {
  const port = async () => String(await freePort());
  const env = {
    DATABASE_URL: url,
    LOG_LEVEL: 'warn',
    FACTS_CATCH_UP_INTERVAL_MS: '500',
    FACTS_LEASE_MS: '2000',
    BALANCE_GRPC_PORT: await port(),
    LEDGER_GRPC_PORT: await port(),
    NOTIFICATIONS_GRPC_PORT: await port(),
    ANALYTICS_GRPC_PORT: await port(),
    ...moreEnv,
  };
  const startProcess = async (changes: Readonly<Record<string, string>> = {}): Promise<BalanceProcess> => {
    const app = await startApp('balance', { ...env, ...changes });
    closers.push(() => app.stop());
    const settings = { address: app.grpcTarget ?? '', deadlineMs: CALL_DEADLINE_MS };
    const client = grpcClient(balanceV1.BalanceServiceService, settings);
    closers.push(() => client.close());
    return { app, client };
  };
  // The consumers are not there yet: what is committed and pushed in the meantime waits for them.
  const first = await startProcess();
  const balance = [first, await startProcess({ BALANCE_GRPC_PORT: await port() })];
  const pool = patientPool(url, 'facts spec', 8);
  closers.push(() => pool.end());
  const recorder = await startRecorder({
    pool,
    balanceGrpcPort: Number(env.BALANCE_GRPC_PORT),
    ...(env.NATS_URL === undefined
      ? { listenPort: Number(env.NOTIFICATIONS_GRPC_PORT) }
      : { natsUrl: env.NATS_URL }),
  });
  closers.push(() => recorder.stop());
  const [ledger, analytics] = await Promise.all([startApp('ledger', env), startApp('analytics', env)]);
  closers.push(() => Promise.all([ledger.stop(), analytics.stop()]));
  const settings = { address: first.app.grpcTarget ?? '', deadlineMs: CALL_DEADLINE_MS };
  const factService = grpcClient(factsV1.FactServiceService, settings);
  closers.push(() => factService.close());
  return { pool, balance, ledger, analytics, recorder, factService };
}

/** Every fact that is committed, by bucket. */
export async function allFacts(suite: FactsSuite): Promise<ReadonlyMap<number, factsV1.Fact[]>> {
  const { heads } = await suite.factService.call('getHeads', {});
  const facts = new Map<number, factsV1.Fact[]>();
  for (const { bucket, sequence } of heads) {
    const ofBucket: factsV1.Fact[] = [];
    while (ofBucket.length < sequence) {
      const request = { bucket, afterSequence: BigInt(ofBucket.length), limit: 0 };
      const page = await suite.factService.call('readFacts', request);
      ofBucket.push(...page.facts);
    }
    facts.set(bucket, ofBucket);
  }
  return facts;
}
