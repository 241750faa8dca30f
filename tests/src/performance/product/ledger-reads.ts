import { ledgerV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { seededRandom } from '@steelyard/testing/seed';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { closedLoop } from '../load/closed-loop.js';
import { accountId } from '../load/move.js';
import { processorSeconds, type WatchedProcesses } from '../measure/processor-time.js';
import type { Side } from '../measure/side.js';
import type { Figure } from '../results.types.js';
import { targetOf } from './platform-books.js';

type LedgerRpc = RpcClient<typeof ledgerV1.LedgerServiceService>;

/** A page of a large ledger's verification takes some seconds. */
const DEADLINE_MS = 60_000;
const ACCOUNTS_PER_PAGE = 100;
const PAGES_MAX = 1_000_000;
const READERS = 8;
/** Lists whose ends are read, and entries of a page. */
const LISTS = 20;
const LIST_LIMIT = 50;
/** The background walk would take its share of the core that is measured. */
const WALK_INTERVAL_MS = 3_600_000;

/** The ledger app on a database that was filled before. */
export class LedgerReads {
  private constructor(
    private readonly platform: RunningPlatform,
    private readonly client: LedgerRpc,
  ) {}

  static async start(databaseUrl: string): Promise<LedgerReads> {
    const platform = await startPlatform({
      apps: ['balance', 'ledger'],
      env: {
        DATABASE_URL: databaseUrl,
        LEDGER_WALK_INTERVAL_MS: String(WALK_INTERVAL_MS),
        LEDGER_VERIFY_INTERVAL_MS: String(WALK_INTERVAL_MS),
        LEDGER_DRIFT_INTERVAL_MS: String(WALK_INTERVAL_MS),
        LEDGER_RECONCILE_INTERVAL_MS: String(WALK_INTERVAL_MS),
        LEDGER_SEAL_INTERVAL_MS: '0',
        FACT_CONSUMERS: 'none',
      },
    });
    const client = grpcClient(ledgerV1.LedgerServiceService, {
      address: targetOf(platform, 'ledger'),
      deadlineMs: DEADLINE_MS,
    });
    return new LedgerReads(platform, client);
  }

  /** Verifies the whole ledger, page by page, and says how long that took. @throws Error when it finds a fault */
  async verifyAll(signal: AbortSignal, postgresPid: number | undefined): Promise<Figure[]> {
    const postgres = postgresPid === undefined ? {} : { postgres: postgresPid };
    const processes = { ...this.#processes(), ...postgres };
    const before = processorSeconds(processes);
    const startedMs = performance.now();
    const entries = await this.#verifyPages(signal);
    const seconds = (performance.now() - startedMs) / 1_000;
    const after = processorSeconds(processes);
    const cpu = Object.entries(after).map(([name, used]) => used - (before[name] ?? used));
    const cpuSeconds = cpu.reduce((sum, used) => sum + used, 0);
    const unit = 'entries';
    return [
      {
        id: 'verification',
        title: 'chain verification through the ledger app, a second',
        value: entries / seconds,
        unit,
      },
      ...(cpuSeconds > 0
        ? [
            {
              id: 'verification-core',
              title: 'the same, for a CPU second of the ledger app and PostgreSQL together',
              value: entries / cpuSeconds,
              unit,
            },
          ]
        : []),
    ];
  }

  /** Balances of random accounts at random instants of the ledger's past. */
  balanceAtSide(past: { readonly accounts: number; readonly fromMs: number; readonly toMs: number }): Side {
    const random = seededRandom(past.accounts);
    const call = async () => {
      const atMs = BigInt(past.fromMs + random.integer(0, past.toMs - past.fromMs));
      const id = accountId(random.integer(0, past.accounts - 1));
      await this.client.call('getBalanceAt', { accountId: id, atMs });
      return { accepted: 1, refused: 0 };
    };
    return {
      id: 'balance-at',
      title: `balance at an instant, ${READERS} readers`,
      kind: 'product',
      call: 'one read',
      processes: this.#processes(),
      run: (seconds) => closedLoop({ inFlight: READERS, commandsPerCall: 1, until: { seconds }, call }),
    };
  }

  /** The last pages of the lists of entries of some accounts: the oldest entries, furthest from where lists begin. */
  async listEndSide(accounts: number): Promise<Side> {
    const random = seededRandom(accounts);
    const ends: { accountId: string; cursor: string }[] = [];
    for (let n = 0; n < LISTS; n++)
      ends.push(await this.#endOfList(accountId(random.integer(0, accounts - 1))));
    const call = async () => {
      const { entries } = await this.client.call('listEntries', { ...random.pick(ends), limit: LIST_LIMIT });
      if (entries.length === 0) throw new Error('the end of the list is empty');
      return { accepted: 1, refused: 0 };
    };
    return {
      id: 'list-end',
      title: `last page of an account's entries, ${READERS} readers`,
      kind: 'product',
      call: `at most ${LIST_LIMIT} entries`,
      processes: this.#processes(),
      run: (seconds) => closedLoop({ inFlight: READERS, commandsPerCall: 1, until: { seconds }, call }),
    };
  }

  async #endOfList(id: string): Promise<{ accountId: string; cursor: string }> {
    let cursor = '';
    for (;;) {
      const page = await this.client.call('listEntries', { accountId: id, limit: LIST_LIMIT, cursor });
      if (page.nextCursor === '') return { accountId: id, cursor };
      cursor = page.nextCursor;
    }
  }

  async stop(): Promise<void> {
    await this.client.close();
    await this.platform.stop();
  }

  async #verifyPages(signal: AbortSignal): Promise<number> {
    let entries = 0;
    let cursor = '';
    for (let page = 0; page < PAGES_MAX; page++) {
      signal.throwIfAborted();
      const reply = await this.client.call('verifyAccounts', { cursor, limit: ACCOUNTS_PER_PAGE });
      const [failure] = reply.failures;
      if (failure !== undefined) throw new Error(`the chain of ${failure.accountId}: ${failure.reason}`);
      entries += Number(reply.entriesChecked);
      cursor = reply.nextCursor;
      if (cursor === '') return entries;
    }
    throw new Error(`the ledger has more than ${PAGES_MAX} pages`);
  }

  #processes(): WatchedProcesses {
    const { pid } = this.platform.app('ledger');
    return pid === undefined ? {} : { ledger: pid };
  }
}
