import type { Ask } from './ask.js';
import type { Hand } from './hand.js';
import type { ReplayBooks } from './replay-books.js';
import type { RunNames } from './replay-options.js';
import type { ReplayReport } from './replay-report.js';
import type { TableBook } from './table-book.js';

// Reads under way at once: enough to be quick, few enough not to be in anybody's way.
const READS_MAX = 16;

/** What the end of a replay is compared with. */
export interface EndCheckParts {
  readonly ask: Ask;
  readonly names: RunNames;
  readonly books: ReplayBooks;
  readonly report: ReplayReport;
  readonly hands: readonly Hand[];
  /** Chips that the kind of replay must have created. */
  readonly expectedInflation: () => bigint;
}

/** Compares every account of the replay with what the answers add up to, and adds up where the chips are. */
export class EndCheck {
  constructor(private readonly parts: EndCheckParts) {}

  async run(): Promise<void> {
    const { books, report } = this.parts;
    const { deposited, rake } = books.turnover;
    const tables = await inTurns([...books.tables.values()], (book) => this.#table(book));
    const currency = tables.find((table) => table.currency !== '')?.currency ?? '';
    const players = await inTurns([...books.balances], ([accountId, expected]) =>
      this.#player(accountId, expected),
    );
    const pots = await inTurns(this.parts.hands, (hand) => this.#pot(hand, currency));
    const supply = {
      deposited,
      players: sum(players),
      tables: sum(tables.map(({ escrow }) => escrow)),
      pots: sum(pots),
      rake,
      inflation: sum(tables.map(({ inflation }) => inflation)),
    };
    if (supply.pots !== books.inPots) this.#deviate('chips in pots', supply.pots, books.inPots);
    const inflation = this.parts.expectedInflation();
    if (supply.inflation !== inflation) this.#deviate('chips created', supply.inflation, inflation);
    report.endWith(supply);
  }

  async #table(book: TableBook): Promise<{ escrow: bigint; inflation: bigint; currency: string }> {
    const { tableId, escrow, inflation } = book;
    const found = await this.parts.ask((client) => client.tables.table(tableId));
    if (!found.ok) return this.#missing(`table ${tableId}`, { escrow: 0n, inflation: 0n, currency: '' });
    const table = found.value;
    if (table.escrow !== escrow) this.#deviate(`escrow of table ${tableId}`, table.escrow, escrow);
    if (table.inflation !== inflation)
      this.#deviate(`inflation of table ${tableId}`, table.inflation, inflation);
    return table;
  }

  async #player(accountId: string, expected: bigint): Promise<bigint> {
    const found = await this.parts.ask((client) => client.accounts.balance(accountId));
    if (!found.ok) return this.#missing(`account ${accountId}`, 0n);
    const { balance, held } = found.value;
    if (balance !== expected) this.#deviate(`balance of ${accountId}`, balance, expected);
    if (held !== 0n) this.#deviate(`held on ${accountId}`, held, 0n);
    return balance;
  }

  /** The account of the pot itself, beside what is told of the pot. */
  async #pot({ table, handId }: Hand, currency: string): Promise<bigint> {
    const accountId = `@pot/${this.parts.names.table(table)}/${handId}/${currency}`;
    const found = await this.parts.ask((client) => client.accounts.balance(accountId));
    return found.ok ? found.value.balance : this.#missing(`account ${accountId}`, 0n);
  }

  #missing<Value>(what: string, value: Value): Value {
    this.parts.report.addDeviation({ what: `${what} does not exist` });
    return value;
  }

  #deviate(what: string, found: bigint, expected: bigint): void {
    this.parts.report.addDeviation({ what: `${what}: expected ${expected}, found ${found}` });
  }
}

async function inTurns<Item, Value>(
  items: readonly Item[],
  read: (item: Item) => Promise<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (let from = 0; from < items.length; from += READS_MAX) {
    values.push(...(await Promise.all(items.slice(from, from + READS_MAX).map(read))));
  }
  return values;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
