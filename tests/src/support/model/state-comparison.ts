import { isDeepStrictEqual } from 'node:util';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { BalanceStack } from '../balance-stack.js';
import { storedAccounts } from '../stored-chains.js';
import { accountText, wireAccountText, wireReservationText } from './comparable.js';
import type { ModelBooks } from './model-books.js';
import { reservationText } from './model-reservations.js';
import { potText } from './model-tables.js';
import type { ModelPot } from './model.types.js';

/** What is not the same on both sides. */
export interface Difference {
  readonly what: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** An expiry counts by the clock, but makes a version only when somebody has written it down. */
const NOT_WRITTEN_DOWN = { version: '' };
/** How many of what a request touched are read back after it. */
const SAMPLED = 12;
/** Read back at the end, of each kind: the latest. */
const READ_AT_END_MAX = 500;
const READS_AT_ONCE = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Compares what is there: as the service serves it, and as it is stored. */
export class StateComparison {
  readonly #stack: BalanceStack;
  readonly #books: ModelBooks;

  constructor(stack: BalanceStack, books: ModelBooks) {
    this.#stack = stack;
    this.#books = books;
  }

  /** Reads back some of what the commands of a request named. */
  async compareTouched(commands: readonly balanceV1.Command[]): Promise<Difference | undefined> {
    const [accounts, reservations, pots] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const { body } of commands) {
      const { accountId, reservationId, tableId, handId } = textsOf(body?.value ?? {});
      if (accountId !== undefined) accounts.add(accountId);
      if (reservationId !== undefined) reservations.add(reservationId);
      if (tableId && handId) pots.add(`${tableId}/${handId}`);
    }
    const known = [...accounts].filter((id) => !id.startsWith('@') && this.#books.find(id));
    const held = [...reservations].filter((id) => UUID.test(id));
    const played = [...pots].filter((name) => this.#books.pots.has(name));
    return (
      (await this.#compareAccounts(known.slice(0, SAMPLED), NOT_WRITTEN_DOWN)) ??
      (await this.#compareReservations(held.slice(0, SAMPLED))) ??
      (await this.#comparePots(played.slice(0, SAMPLED)))
    );
  }

  async compareServed(): Promise<Difference | undefined> {
    const { accounts, reservations, pots } = this.#books;
    const ids = [...accounts.values()].map(({ accountId }) => accountId);
    return (
      (await this.#compareAccounts(ids.filter((id) => !id.startsWith('@')))) ??
      (await this.#compareReservations([...reservations.keys()].slice(-READ_AT_END_MAX))) ??
      (await this.#comparePots([...pots.keys()].slice(-READ_AT_END_MAX))) ??
      (await this.#compareTables())
    );
  }

  async #compareAccounts(
    accountIds: readonly string[],
    ignored: Readonly<Record<string, string>> = {},
  ): Promise<Difference | undefined> {
    const served = await this.#stack.accounts(accountIds);
    for (const accountId of accountIds) {
      const [expected, found] = [this.#books.find(accountId), served.get(accountId)];
      const difference = differenceOf(
        `account ${accountId}`,
        expected && { ...accountText(expected), ...ignored },
        found && { ...wireAccountText(found), ...ignored },
      );
      if (difference) return difference;
    }
    return undefined;
  }

  async #compareReservations(ids: readonly string[]): Promise<Difference | undefined> {
    return firstDifference(ids, async (id) => {
      const expected = this.#books.reservations.get(id);
      const found = await this.#stack.reservation(id);
      return differenceOf(
        `reservation ${id}`,
        expected && [reservationText(expected), expected.transaction?.id ?? ''],
        found && [wireReservationText(found), found.transactionId],
      );
    });
  }

  async #comparePots(names: readonly string[]): Promise<Difference | undefined> {
    return firstDifference(names, async (name) => {
      const [tableId = '', handId = ''] = name.split('/');
      const expected = this.#books.pots.get(name);
      const found = await this.#stack.pot(tableId, handId);
      return differenceOf(`pot ${name}`, expected && potWithSeats(expected), found && wirePot(found));
    });
  }

  async #compareTables(): Promise<Difference | undefined> {
    const tables = [...this.#books.accounts.values()].filter((one) => one.accountId.startsWith('@table/'));
    return firstDifference(tables, async ({ accountId, currency, balance, creditLimit, inflation }) => {
      const [, tableId = ''] = accountId.split('/');
      const escrowPolicy = creditLimit === null ? 'observe' : 'strict';
      const expected = { tableId, currency, escrow: balance, escrowPolicy, inflation };
      const found = await this.#stack.table(tableId, currency);
      return differenceOf(`table ${accountId}`, expected, found && { ...found });
    });
  }

  /** All rows of accounts, the chains recomputed from the rows of their entries. */
  async compareStored(databaseUrl: string): Promise<Difference | undefined> {
    const stored = new Map(
      (await storedAccounts(databaseUrl)).map((account) => [
        `${account.bucket} ${account.accountId}`,
        account,
      ]),
    );
    const { accounts } = this.#books;
    const supply = new Map<string, bigint>();
    for (const [key, account] of accounts) {
      const { bucket, accountId, currency, balance, held, version, sequence } = account;
      const expected = { bucket, accountId, currency, balance, held, version, sequence, fault: undefined };
      const difference = differenceOf(`stored account ${key}`, expected, stored.get(key));
      if (difference) return difference;
      supply.set(currency, (supply.get(currency) ?? 0n) + balance);
    }
    const created = [...supply].filter(([, sum]) => sum !== 0n);
    return (
      differenceOf('the number of accounts', accounts.size, stored.size) ??
      differenceOf('the currencies that do not sum to zero', [], created)
    );
  }
}

function textsOf(value: object): Readonly<Partial<Record<string, string>>> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => typeof member === 'string'));
}

function potWithSeats(pot: ModelPot): readonly unknown[] {
  const seats = [...pot.seats.values()].sort((left, right) => left.seatId - right.seatId);
  return [potText(pot), seats];
}

function wirePot(pot: balanceV1.Pot): readonly unknown[] {
  const { tableId, handId, currency, status, total, rake, seats } = pot;
  const text = { tableId, handId, currency, status, total: `${total}`, rake: `${rake}` };
  return [text, seats.map((seat) => ({ ...seat }))];
}

function differenceOf(what: string, expected: unknown, found: unknown): Difference | undefined {
  return isDeepStrictEqual(expected, found) ? undefined : { what, expected, found };
}

async function firstDifference<Item>(
  items: readonly Item[],
  compare: (item: Item) => Promise<Difference | undefined>,
): Promise<Difference | undefined> {
  for (let from = 0; from < items.length; from += READS_AT_ONCE) {
    const differences = await Promise.all(items.slice(from, from + READS_AT_ONCE).map(compare));
    const first = differences.find((difference) => difference !== undefined);
    if (first) return first;
  }
  return undefined;
}
