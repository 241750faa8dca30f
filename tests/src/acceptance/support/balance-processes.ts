import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import { OutageError } from '@steelyard/platform/outage';
import type { RpcClient } from '@steelyard/platform/rpc';
import { startApp, type RunningApp } from '@steelyard/testing/processes';
import { waitUntil } from '@steelyard/processes';

export type BalanceClient = RpcClient<typeof balanceV1.BalanceServiceService>;

/** One process of the balance app, and a client that finds it again when it was restarted. */
export interface BalanceProcess {
  readonly app: RunningApp;
  readonly client: BalanceClient;
}

/** Longer than a process itself waits for a commit. */
const CALL_DEADLINE_MS = 60_000;
/** Longer than a process or PostgreSQL takes to be back on a busy machine. */
const SETTLE = { timeoutMs: 120_000, intervalMs: 20 };

/** Starts processes of the balance app on one database. */
export async function startBalance(
  count: number,
  env: Readonly<Record<string, string>>,
): Promise<readonly BalanceProcess[]> {
  const processes: BalanceProcess[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const app = await startApp('balance', { LOG_LEVEL: 'warn', ...env });
      const address = app.grpcTarget ?? '';
      const client = grpcClient(balanceV1.BalanceServiceService, { address, deadlineMs: CALL_DEADLINE_MS });
      processes.push({ app, client });
    }
    return processes;
  } catch (error) {
    await stopBalance(processes);
    throw error;
  }
}

export async function stopBalance(processes: readonly BalanceProcess[]): Promise<void> {
  await Promise.all(
    processes.map(async ({ app, client }) => {
      await client.close();
      await app.stop();
    }),
  );
}

/** Sends commands once; undefined when no answer came. Every other failure is the test's. */
export async function sendOnce(
  { client }: BalanceProcess,
  commands: readonly balanceV1.Command[],
  deadlineMs = CALL_DEADLINE_MS,
): Promise<readonly balanceV1.Outcome[] | undefined> {
  try {
    const { outcomes } = await client.call('execute', { commands: [...commands] }, { deadlineMs });
    return outcomes;
  } catch (error) {
    if (error instanceof OutageError) return undefined;
    throw error;
  }
}

/** Sends commands, again and again with the same keys, until there is an answer. */
export async function sendUntilAnswered(
  choose: () => BalanceProcess,
  commands: readonly balanceV1.Command[],
): Promise<readonly balanceV1.Outcome[]> {
  let outcomes: readonly balanceV1.Outcome[] | undefined;
  await waitUntil(async () => {
    outcomes = await sendOnce(choose(), commands);
    return outcomes !== undefined;
  }, SETTLE);
  if (outcomes === undefined) throw new Error('no answer in time');
  return outcomes;
}

/** Runs workers that share a list of jobs, and waits for all. */
export async function inParallel<Job>(
  jobs: readonly Job[],
  workers: number,
  work: (job: Job) => Promise<void>,
): Promise<void> {
  const waiting = jobs.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const job of waiting) await work(job);
    }),
  );
}
