import { ledgerV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { seededRandom } from '@steelyard/testing/seed';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { closedLoop } from '../load/closed-loop.js';
import type { CallOutcome } from '../load/load-recorder.js';
import { accountId } from '../load/move.js';
import { openLoop } from '../load/open-loop.js';
import { processorSeconds, type WatchedProcesses } from '../measure/processor-time.js';
import type { Side } from '../measure/side.js';
import type { Figure } from '../results.types.js';
import { targetOf } from './platform-books.js';
import { QUIET_LEDGER } from './quiet-ledger.js';

type LedgerRpc = RpcClient<typeof ledgerV1.LedgerServiceService>;

/** A page of a large ledger's verification takes some seconds. */
const DEADLINE_MS = 60_000;
const ACCOUNTS_PER_PAGE = 100;
const PAGES_MAX = 1_000_000;
const READERS = 8;
/** A rate that the machine has time for: what is measured is a read, not a queue. */
const PACED_PER_SECOND = 200;
/** Ten seconds of the load: more means that the side is not keeping up at all. */
const PACED_IN_FLIGHT_MAX = 10 * PACED_PER_SECOND;
/** Lists whose ends are read, and entries of a page. */
const LISTS = 20;
const LIST_LIMIT = 50;
const TITLES: Readonly<Record<string, string>> = { ledger: 'the ledger app', postgres: 'PostgreSQL' };

/** One kind of read, before it is decided how many of them there are. */
interface Read {
  readonly id: string;
  readonly title: string;
  /** What one latency is of. */
  readonly what: string;
  readonly call: () => Promise<CallOutcome>;
}

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
        ...QUIET_LEDGER,
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
    const used = Object.entries(after).map(([name, end]) => ({ name, seconds: end - (before[name] ?? end) }));
    const together = used.reduce((sum, { seconds: own }) => sum + own, 0);
    const figure = (id: string, title: string, perSeconds: number): Figure[] =>
      perSeconds > 0 ? [{ id, title, value: entries / perSeconds, unit: 'entries' }] : [];
    return [
      ...figure('verification', 'chain verification through the ledger app, a second', seconds),
      ...used.flatMap(({ name, seconds: own }) =>
        figure(`verification-${name}`, `the same, for a CPU second of ${TITLES[name] ?? name}`, own),
      ),
      ...figure(
        'verification-core',
        'the same, for a CPU second of the ledger app and PostgreSQL together',
        together,
      ),
    ];
  }

  /** Balances of random accounts at random instants of the ledger's past. */
  balanceAtSides(past: {
    readonly accounts: number;
    readonly fromMs: number;
    readonly toMs: number;
  }): readonly Side[] {
    const random = seededRandom(past.accounts);
    const call = async () => {
      const atMs = BigInt(past.fromMs + random.integer(0, past.toMs - past.fromMs));
      const id = accountId(random.integer(0, past.accounts - 1));
      await this.client.call('getBalanceAt', { accountId: id, atMs });
      return { accepted: 1, refused: 0 };
    };
    return this.#sidesOf({ id: 'balance-at', title: 'balance at an instant', what: 'one read', call });
  }

  /** The last pages of the lists of entries of some accounts: the oldest entries, furthest from where lists begin. */
  async listEndSides(accounts: number): Promise<readonly Side[]> {
    const random = seededRandom(accounts);
    const ends: { accountId: string; cursor: string }[] = [];
    for (let n = 0; n < LISTS; n++)
      ends.push(await this.#endOfList(accountId(random.integer(0, accounts - 1))));
    const call = async () => {
      const { entries } = await this.client.call('listEntries', { ...random.pick(ends), limit: LIST_LIMIT });
      if (entries.length === 0) throw new Error('the end of the list is empty');
      return { accepted: 1, refused: 0 };
    };
    const title = "last page of an account's entries";
    return this.#sidesOf({ id: 'list-end', title, what: `at most ${LIST_LIMIT} entries`, call });
  }

  /** A read in two ways: how many of them there can be, and how long one takes where there is room for it. */
  #sidesOf({ id, title, what, call }: Read): readonly Side[] {
    const kind = 'product';
    const processes = this.#processes();
    return [
      {
        id,
        title: `${title}, ${READERS} readers`,
        kind,
        call: what,
        processes,
        run: (seconds) => closedLoop({ inFlight: READERS, commandsPerCall: 1, until: { seconds }, call }),
      },
      {
        id: `${id}-paced`,
        title: `${title}, open loop at ${PACED_PER_SECOND} a second`,
        kind,
        call: `${what}, from the instant it was due`,
        isPaced: true,
        processes,
        run: (seconds) =>
          openLoop({ perSecond: PACED_PER_SECOND, seconds, inFlightMax: PACED_IN_FLIGHT_MAX, call }),
      },
    ];
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
