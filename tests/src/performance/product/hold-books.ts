import type { Reserve } from '@steelyard/domain/posting';
import { checkBooks } from '../books-check.js';
import { closedLoop } from '../load/closed-loop.js';
import type { CallOutcome, LoadResult } from '../load/load-recorder.js';
import { openingDeposits } from '../load/move.js';
import type { DatabaseServer } from '../measure/database-server.js';
import { Tally } from '../measure/side.js';
import type { BooksCheck } from '../results.types.js';
import { BATCHES_IN_FLIGHT } from './engine-books.js';
import {
  commitCommands,
  contributeCommand,
  handCommands,
  reserveCommand,
  SEATS,
  tableId,
} from './hold-commands.js';
import { countOf, InProcessEngine, type KeyedCommand } from './in-process-engine.js';

const OPENING_BATCH = 1_000;
/** What a table is given before the load: no contribution ever meets an empty one. */
const TABLE_CHIPS = 1_000_000_000n;

/** Holds, pots and settlements on the posting engine in this process, with as many tables as accounts. */
export class HoldBooks {
  readonly tally = new Tally();
  #made = 0;

  private constructor(
    private readonly engine: InProcessEngine,
    private readonly name: string,
    private readonly url: string,
    readonly accounts: number,
  ) {}

  /** Creates the database, opens the accounts, and puts chips on the tables. */
  static async open(server: DatabaseServer, name: string, accounts: number): Promise<HoldBooks> {
    const url = await server.createDatabase(name);
    const books = new HoldBooks(await InProcessEngine.open(url), name, url, accounts);
    await books.#fund();
    return books;
  }

  /** Reserves, then commits. A batch of commits follows each batch of reservations; every command counts. */
  reserveAndCommit(batch: number, seconds: number): Promise<LoadResult> {
    return this.#loop(2 * batch, seconds, async () => {
      const held = await this.engine.executeAll(this.#next(batch, (n) => [reserveCommand(n, this.accounts)]));
      const committed = await this.engine.executeAll(commitCommands(held));
      return countOf([...held, ...committed]);
    });
  }

  /** Contributions to pots spread over all tables. */
  contribute(batch: number, seconds: number): Promise<LoadResult> {
    return this.#execute(batch, seconds, () =>
      this.#next(batch, (n) => [contributeCommand(n, this.accounts)]),
    );
  }

  /** Whole hands; every contribution and every settlement counts as one command. */
  playHands(hands: number, seconds: number): Promise<LoadResult> {
    const commands = hands * (SEATS + 1);
    return this.#execute(commands, seconds, () => this.#next(hands, (n) => handCommands(n, this.accounts)));
  }

  check(): Promise<BooksCheck> {
    return checkBooks(this.name, this.url, { tally: this.tally, countsTransactions: false });
  }

  async close(): Promise<void> {
    await this.engine.close();
  }

  async #fund(): Promise<void> {
    const deposits = [...openingDeposits(this.accounts)];
    for (let start = 0; start < deposits.length; start += OPENING_BATCH) {
      await this.engine.execute(deposits.slice(start, start + OPENING_BATCH));
    }
    const stacks = Array.from({ length: this.accounts }, (_, table): KeyedCommand[] => buyer(table));
    await this.engine.executeAll(stacks.flat());
    const buyIns = stacks.map((_, table) => buyIn(table));
    const bought = countOf(
      await this.engine.executeAll(commitCommands(await this.engine.executeAll(buyIns))),
    );
    if (bought.accepted !== this.accounts) throw new Error('the tables could not be given their chips');
  }

  #execute(commands: number, seconds: number, next: () => readonly KeyedCommand[]): Promise<LoadResult> {
    return this.#loop(commands, seconds, async () => countOf(await this.engine.executeAll(next())));
  }

  #loop(commandsPerCall: number, seconds: number, call: () => Promise<CallOutcome>): Promise<LoadResult> {
    return closedLoop({ inFlight: BATCHES_IN_FLIGHT, commandsPerCall, until: { seconds }, call });
  }

  #next(count: number, make: (n: number) => readonly KeyedCommand[]): KeyedCommand[] {
    return Array.from({ length: count }, () => make(this.#made++)).flat();
  }
}

/** Whoever buys the chips of a table. */
function buyer(table: number): KeyedCommand[] {
  const command = {
    kind: 'post-to-account',
    accountId: `chips-${table}`,
    amount: TABLE_CHIPS,
    type: 'DEPOSIT',
    counterpart: 'world',
    opensAccount: true,
    details: {},
  } as const;
  return [{ key: 'chips', command }];
}

function buyIn(table: number): KeyedCommand & { readonly command: Reserve } {
  const target = { kind: 'table', tableId: tableId(table) } as const;
  const command = {
    kind: 'reserve',
    accountId: `chips-${table}`,
    amount: TABLE_CHIPS,
    target,
    reference: null,
    details: {},
  } as const;
  return { key: 'buy-in', command };
}
