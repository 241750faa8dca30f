import { checkBooks } from '../books-check.js';
import { closedLoop } from '../load/closed-loop.js';
import type { LoadResult } from '../load/load-recorder.js';
import { MoveSource, openingDeposits, type Move } from '../load/move.js';
import type { DatabaseServer } from '../measure/database-server.js';
import { Tally } from '../measure/side.js';
import type { BooksCheck } from '../results.types.js';
import { InProcessEngine } from './in-process-engine.js';

/** As many batches as the engine decides and writes at once. */
export const BATCHES_IN_FLIGHT = 2;

const OPENING_BATCH = 1_000;
const FILLING_BATCH = 1_000;

export interface EngineLoad {
  readonly batch: number;
  readonly until: { readonly seconds: number } | { readonly calls: number };
  readonly next: () => Move | undefined;
}

export interface FillOptions {
  readonly signal: AbortSignal;
  /** Without reason and metadata. */
  readonly isBare?: boolean;
}

/** A database with open accounts, the engine that posts to it in this process, and what it answered so far. */
export class EngineBooks {
  readonly tally = new Tally();

  private constructor(
    private readonly engine: InProcessEngine,
    readonly name: string,
    readonly url: string,
    readonly accounts: number,
  ) {}

  /** Creates the database and opens the accounts, each with funds for the whole run. */
  static async open(server: DatabaseServer, name: string, accounts: number): Promise<EngineBooks> {
    const url = await server.createDatabase(name);
    const engine = await InProcessEngine.open(url);
    const books = new EngineBooks(engine, name, url, accounts);
    const deposits = openingDeposits(accounts);
    const calls = Math.ceil(accounts / OPENING_BATCH);
    await books.#prepare({ batch: OPENING_BATCH, until: { calls }, next: () => deposits.next().value });
    return books;
  }

  /** Posts in batches and leaves counting to the caller; what is not there to be posted makes a batch smaller. */
  load({ batch, until, next }: EngineLoad): Promise<LoadResult> {
    const call = () => this.engine.execute(batchOf(batch, next));
    return closedLoop({ inFlight: BATCHES_IN_FLIGHT, commandsPerCall: batch, until, call });
  }

  /** Posts transfers between accounts drawn uniformly. @throws Error when the engine fails */
  async fill(transactions: number, { signal, isBare = false }: FillOptions): Promise<void> {
    const { accounts } = this;
    const source = new MoveSource({ keyPrefix: 'fill', kind: 'transfer', load: 'uniform', accounts, isBare });
    let left = transactions;
    const next = (): Move | undefined => (left-- > 0 && !signal.aborted ? source.next() : undefined);
    await this.#prepare({
      batch: FILLING_BATCH,
      until: { calls: Math.ceil(transactions / FILLING_BATCH) },
      next,
    });
    signal.throwIfAborted();
  }

  check(): Promise<BooksCheck> {
    return checkBooks(this.name, this.url, { tally: this.tally });
  }

  /** Ends the engine; the database stays. Safe to call twice. */
  async close(): Promise<void> {
    await this.engine.close();
  }

  /** Posts what a measurement begins with, so that all of it must succeed. */
  async #prepare(load: EngineLoad): Promise<void> {
    const result = await this.load(load);
    this.tally.add(result);
    if (result.failed > 0) throw new Error(`${this.name} could not be filled: ${result.firstError ?? ''}`);
  }
}

function batchOf(size: number, next: () => Move | undefined): Move[] {
  const moves: Move[] = [];
  while (moves.length < size) {
    const move = next();
    if (move === undefined) break;
    moves.push(move);
  }
  return moves;
}
