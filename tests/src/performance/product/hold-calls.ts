import { legacyBalance } from '@steelyard/contracts/grpc';
import { grpcClient } from '@steelyard/platform/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { startPlatform, type RunningPlatform } from '@steelyard/testing/processes';
import { checkBooks } from '../books-check.js';
import { closedLoop } from '../load/closed-loop.js';
import type { LoadResult } from '../load/load-recorder.js';
import { accountId, OPENING_BALANCE } from '../load/move.js';
import type { DatabaseServer } from '../measure/database-server.js';
import type { WatchedProcesses } from '../measure/processor-time.js';
import { Tally } from '../measure/side.js';
import type { BooksCheck } from '../results.types.js';
import { SEATS, tableId } from './hold-commands.js';

const RPC_DEADLINE_MS = 30_000;
const OPENING_IN_FLIGHT = 64;
const BET = 10n;
const TABLE_CHIPS = 100_000_000n;

/** The calls of the replaced service, one command each, to the balance app as a process of its own. */
export class HoldCalls {
  readonly tally = new Tally();
  readonly #client: RpcClient<typeof legacyBalance.BalanceServiceService>;
  #made = 0;

  private constructor(
    private readonly platform: RunningPlatform,
    private readonly name: string,
    private readonly url: string,
    private readonly accounts: number,
  ) {
    const address = platform.app('balance').grpcTarget ?? '';
    this.#client = grpcClient(legacyBalance.BalanceServiceService, { address, deadlineMs: RPC_DEADLINE_MS });
  }

  /** Creates the database, starts the app, opens the accounts and puts chips on as many tables. */
  static async open(server: DatabaseServer, name: string, accounts: number): Promise<HoldCalls> {
    const url = await server.createDatabase(name);
    const platform = await startPlatform({ apps: ['balance'], env: { DATABASE_URL: url } });
    const calls = new HoldCalls(platform, name, url, accounts);
    try {
      await calls.#fund();
    } catch (error) {
      await calls.close();
      throw error;
    }
    return calls;
  }

  get processes(): WatchedProcesses {
    const { pid } = this.platform.app('balance');
    return pid === undefined ? {} : { balance: pid };
  }

  /** A reservation and its commit: two commands. */
  reserveAndCommit(inFlight: number, seconds: number): Promise<LoadResult> {
    return this.#loop(2, { inFlight, seconds }, async (n) => {
      const place = n % this.accounts;
      await this.#buyIn({ accountId: accountId(place), table: place, amount: 1n, key: `reserve-${n}` });
    });
  }

  contribute(inFlight: number, seconds: number): Promise<LoadResult> {
    return this.#loop(1, { inFlight, seconds }, (n) => {
      const seatId = Math.floor(n / this.accounts) % SEATS;
      const hand = Math.floor(n / (this.accounts * SEATS));
      return this.#bet({ table: n % this.accounts, handId: `open-${hand}`, seatId, key: `bet-${n}` });
    });
  }

  /** Contributions of all seats one after the other, then the settlement. */
  playHands(inFlight: number, seconds: number): Promise<LoadResult> {
    return this.#loop(SEATS + 1, { inFlight, seconds }, async (n) => {
      const table = n % this.accounts;
      const handId = `hand-${n}`;
      for (let seatId = 0; seatId < SEATS; seatId++) {
        await this.#bet({ table, handId, seatId, key: `hand-${n}-${seatId}` });
      }
      const winners = [0, 1].map((seatId) => ({
        seatId,
        accountId: accountId((n + seatId) % this.accounts),
        amount: 1n,
      }));
      const idempotencyKey = `settle-${n}`;
      granted(
        await this.#client.call('settlePot', { tableId: tableId(table), handId, winners, idempotencyKey }),
      );
    });
  }

  check(): Promise<BooksCheck> {
    return checkBooks(this.name, this.url, { tally: this.tally, countsTransactions: false });
  }

  /** Stops the app; the database stays. */
  async close(): Promise<void> {
    await this.#client.close();
    await this.platform.stop();
  }

  async #fund(): Promise<void> {
    const fund = async (index: number): Promise<void> => {
      await this.#client.call('ensureAccount', {
        accountId: accountId(index),
        initialBalance: BigInt(OPENING_BALANCE),
      });
      const account = accountId(index);
      await this.#buyIn({ accountId: account, table: index, amount: TABLE_CHIPS, key: 'stack' });
    };
    for (let start = 0; start < this.accounts; start += OPENING_IN_FLIGHT) {
      const count = Math.min(OPENING_IN_FLIGHT, this.accounts - start);
      await Promise.all(Array.from({ length: count }, (_, i) => fund(start + i)));
    }
  }

  async #buyIn(buyIn: { accountId: string; table: number; amount: bigint; key: string }): Promise<void> {
    const { accountId: account, table, amount, key: idempotencyKey } = buyIn;
    const held = granted(
      await this.#client.call('reserveForBuyIn', {
        accountId: account,
        tableId: tableId(table),
        amount,
        idempotencyKey,
        timeoutSeconds: 0,
      }),
    );
    granted(await this.#client.call('commitReservation', { reservationId: held.reservationId }));
  }

  async #bet(bet: { table: number; handId: string; seatId: number; key: string }): Promise<void> {
    const { table, handId, seatId, key: idempotencyKey } = bet;
    granted(
      await this.#client.call('recordContribution', {
        tableId: tableId(table),
        handId,
        seatId,
        accountId: `player-${seatId}`,
        amount: BET,
        contributionType: 'BET',
        idempotencyKey,
      }),
    );
  }

  #loop(
    commandsPerCall: number,
    { inFlight, seconds }: { inFlight: number; seconds: number },
    play: (n: number) => Promise<void>,
  ): Promise<LoadResult> {
    const call = async () => {
      await play(this.#made++);
      return { accepted: commandsPerCall, refused: 0 };
    };
    return closedLoop({ inFlight, commandsPerCall, until: { seconds }, call });
  }
}

/** A load whose commands are refused measures something else: it ends. */
function granted<Reply extends { readonly ok: boolean; readonly error: string }>(reply: Reply): Reply {
  if (!reply.ok) throw new Error(`a command of the load was refused: ${reply.error}`);
  return reply;
}
