import { afterAll, beforeAll } from '@jest/globals';
import { maintenanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import {
  RpcAccountRestorer,
  type MaintenanceRpc,
} from '../../src/infrastructure/rpc/rpc-account-restorer.js';
import { SystemClock } from '../../src/infrastructure/system-clock.js';
import { composeReconciliation, composeRound } from '../../src/reconciliation.composition.js';
import type { ReconciliationUseCases } from '../../src/transport/reconciliation-rpc-handlers.js';
import { pageByPage, unhurried } from './check-paces.js';
import { useLedger, type LedgerSuite } from './use-ledger.js';

const DEADLINE_MS = 60_000;

export interface Reconciliation extends ReturnType<typeof composeReconciliation> {
  readonly continueReconciliation: ReturnType<typeof composeRound>;
}

export interface ReconciliationSuite {
  readonly suite: LedgerSuite;
  /** The balance app, as a process of its own. */
  readonly balance: RunningApp;
  /** Reconciliation as one process of the ledger app has it. */
  readonly reconciliation: Reconciliation;
  /** The same over the same ledger, a page of entries a call. */
  readonly sliced: ReconciliationUseCases;
}

/** An empty ledger, the use cases of reconciliation over it, and the balance app, which restores. Both must be built. */
export function useReconciliation(buckets = 4): ReconciliationSuite {
  let app: RunningApp | undefined;
  let rpc: MaintenanceRpc | undefined;
  let reconciliation: Reconciliation | undefined;
  let sliced: ReconciliationUseCases | undefined;
  // Before the ledger's own: the app ends before the database is dropped.
  afterAll(async () => {
    await rpc?.close();
    await app?.stop();
  });
  const suite = useLedger(buckets);
  beforeAll(async () => {
    app = await startApp('balance', {
      DATABASE_URL: suite.url,
      BUCKETS: String(buckets),
      DEFAULT_CURRENCY: 'CZK',
      LOG_LEVEL: 'warn',
      JWT_HS256_SECRET: 'only for tests'.padEnd(32, '.'),
    });
    const address = app.grpcTarget ?? '';
    rpc = grpcClient(maintenanceV1.MaintenanceServiceService, { address, deadlineMs: DEADLINE_MS });
    const restorer = new RpcAccountRestorer(rpc);
    const { database, incidents } = suite;
    const parts = { database, clock: new SystemClock(), incidents, restorer };
    sliced = composeReconciliation({ ...parts, pace: pageByPage() });
    const useCases = composeReconciliation({ ...parts, pace: unhurried() });
    reconciliation = { ...useCases, continueReconciliation: composeRound(parts) };
  });
  return {
    suite,
    get balance() {
      return running(app);
    },
    get reconciliation() {
      return running(reconciliation);
    },
    get sliced() {
      return running(sliced);
    },
  };
}

function running<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the apps run only while hooks and tests run');
  return value;
}
