import { balanceV1 } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { checkBooks } from '../books-check.js';
import type { CallOutcome } from '../load/load-recorder.js';
import { openingDeposits, type Move } from '../load/move.js';
import type { DatabaseServer } from '../measure/database-server.js';
import type { WatchedProcesses } from '../measure/processor-time.js';
import { Tally } from '../measure/side.js';
import type { BooksCheck } from '../results.types.js';
import { wireCommand } from './wire-command.js';

export type BenchedApp = 'balance' | 'ledger' | 'gateway';

export interface PlatformBooksOptions {
  /** Of the database. */
  readonly name: string;
  readonly accounts: number;
  readonly apps: readonly BenchedApp[];
}

const RPC_DEADLINE_MS = 30_000;
const OPENING_BATCH = 1_000;

/** Applications as processes of their own on a database with open accounts, and what they answered so far. */
export class PlatformBooks {
  readonly tally = new Tally();
  readonly accounts: number;
  readonly #client: RpcClient<typeof balanceV1.BalanceServiceService>;

  private constructor(
    readonly platform: RunningPlatform,
    private readonly url: string,
    private readonly options: PlatformBooksOptions,
  ) {
    this.accounts = options.accounts;
    this.#client = grpcClient(balanceV1.BalanceServiceService, {
      address: targetOf(platform, 'balance'),
      deadlineMs: RPC_DEADLINE_MS,
    });
  }

  /** Creates the database, starts the applications with their defaults, and opens the accounts. */
  static async open(server: DatabaseServer, options: PlatformBooksOptions): Promise<PlatformBooks> {
    const url = await server.createDatabase(options.name);
    const platform = await startPlatform({ apps: options.apps, env: { DATABASE_URL: url } });
    const books = new PlatformBooks(platform, url, options);
    try {
      await books.#openAccounts();
    } catch (error) {
      await books.close();
      throw error;
    }
    return books;
  }

  /** Their process ids, for the count of CPU time. */
  get processes(): WatchedProcesses {
    return Object.fromEntries(
      this.options.apps.flatMap((name) => {
        const { pid } = this.platform.app(name);
        return pid === undefined ? [] : [[name, pid]];
      }),
    );
  }

  /** Commands as one gRPC call. Rejects when nothing is known of them. */
  async execute(moves: readonly Move[]): Promise<CallOutcome> {
    const { outcomes } = await this.#client.call('execute', { commands: moves.map(wireCommand) });
    const refused = outcomes.filter(({ result }) => result?.$case === 'refusal').length;
    return { accepted: outcomes.length - refused, refused };
  }

  check(): Promise<BooksCheck> {
    return checkBooks(this.options.name, this.url, { tally: this.tally });
  }

  /** Stops the applications; the database stays. */
  async close(): Promise<void> {
    await this.#client.close();
    await this.platform.stop();
  }

  async #openAccounts(): Promise<void> {
    const deposits = [...openingDeposits(this.options.accounts)];
    for (let start = 0; start < deposits.length; start += OPENING_BATCH) {
      const outcome = await this.execute(deposits.slice(start, start + OPENING_BATCH));
      this.tally.add({ ...outcome, failed: 0 });
    }
  }
}

/** Address of an application's gRPC server. */
export function targetOf(platform: RunningPlatform, name: BenchedApp): string {
  const target = platform.app(name).grpcTarget;
  if (target === undefined) throw new Error(`${name} serves no gRPC`);
  return target;
}
