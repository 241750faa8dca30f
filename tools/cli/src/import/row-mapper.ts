import { parseAccountId } from '@steelyard/domain/accounts';
import { parseAmount, parseDecimal, type CurrencyTable } from '@steelyard/domain/money';
import { isRefusal, type Refusal } from '@steelyard/domain/result';
import { parseDirection } from './direction.js';
import { parseEffectiveTime } from './effective-time.js';
import type { ColumnOptions } from './import-options.js';
import type { ImportRow, MalformedRow } from './import-row.js';
import type { SourceRow } from './row-reader.js';

const REFERENCE_LENGTH_MAX = 255;

type Sign = 'credit' | 'debit' | 'either';

// What a batch item of one account may be. Those that are either carry their sign in the amount.
const SIGN_BY_TYPE: ReadonlyMap<string, Sign> = new Map([
  ['DEPOSIT', 'credit'],
  ['BONUS', 'credit'],
  ['REFERRAL', 'credit'],
  ['WITHDRAW', 'debit'],
  ['WAGER', 'either'],
  ['SETTLEMENT', 'either'],
  ['ADJUSTMENT', 'either'],
]);

/** Thrown inside the mapper only: the shortest way out of a row at its first fault. */
class RowFault extends Error {}

interface Unit {
  readonly currency: string;
  readonly scale: number;
}

/** Turns rows of the file into commands. Amounts are exact: nothing passes through a float or is rounded. */
export class RowMapper {
  readonly #columns: ColumnOptions;
  readonly #currencies: CurrencyTable;

  constructor(columns: ColumnOptions, currencies: CurrencyTable) {
    this.#columns = columns;
    this.#currencies = currencies;
  }

  /** The command that a row stands for, or what is wrong with the row. */
  map(row: SourceRow): ImportRow | MalformedRow {
    try {
      return this.#map(row);
    } catch (error) {
      if (error instanceof RowFault) return { line: row.line, reason: error.message };
      throw error;
    }
  }

  #map(row: SourceRow): ImportRow {
    const unit = this.#unit(row);
    const accountId = granted(
      parseAccountId(this.#required(row, this.#columns.account), this.#columns.account),
    );
    const amountMinor = this.#signedAmount(row, unit);
    const reference = this.#reference(row);
    const item = {
      idempotencyKey: reference,
      ...this.#movement(row, amountMinor),
      accountId,
      ...this.#details(row),
    };
    const expected = this.#expectedBalance(row, unit);
    return {
      line: row.line,
      accountId,
      ...unit,
      reference,
      itemJson: JSON.stringify(item),
      ...(expected === undefined ? {} : { expectedBalanceMinor: expected }),
    };
  }

  #unit(row: SourceRow): Unit {
    const { currencyCode, currencyColumn, scale } = this.#columns;
    const code =
      currencyColumn === undefined ? (currencyCode ?? '') : this.#required(row, currencyColumn).toUpperCase();
    if (scale !== undefined) return { currency: code, scale };
    const currency = this.#currencies.find(code, currencyColumn);
    if (isRefusal(currency))
      throw new RowFault(`"${code}" is not a known currency: give its decimals with --scale`);
    return { currency: code, scale: currency.scale };
  }

  #signedAmount(row: SourceRow, unit: Unit): bigint {
    const { amount: column, direction: directionColumn } = this.#columns;
    const amountMinor = this.#amount(row, column, unit);
    if (amountMinor === 0n) throw new RowFault(`${column} is zero: there is nothing to post`);
    if (directionColumn === undefined) return amountMinor;
    const text = this.#required(row, directionColumn);
    const direction = parseDirection(text);
    if (direction === undefined)
      throw new RowFault(`${directionColumn} must be credit or debit, not "${text}"`);
    // A negative debit may mean a payment or its correction: to guess would be to invent money.
    if (amountMinor < 0n) throw new RowFault(`${column} must not be negative beside ${directionColumn}`);
    return direction === 'credit' ? amountMinor : -amountMinor;
  }

  #expectedBalance(row: SourceRow, unit: Unit): bigint | undefined {
    const column = this.#columns.expectBalance;
    if (column === undefined || !this.#text(row, column)) return undefined;
    return this.#amount(row, column, unit);
  }

  #amount(row: SourceRow, column: string, unit: Unit): bigint {
    const text = this.#required(row, column).replace(/^\+(?=[0-9])/, '');
    return granted(this.#columns.minor ? parseAmount(text, column) : parseDecimal(text, unit.scale, column));
  }

  #reference(row: SourceRow): string {
    const { reference: column, keyFromLine } = this.#columns;
    if (column === undefined) return `${keyFromLine ?? ''}:${row.line}`;
    const reference = this.#required(row, column);
    if (reference.length <= REFERENCE_LENGTH_MAX) return reference;
    throw new RowFault(`${column} is longer than ${REFERENCE_LENGTH_MAX} characters`);
  }

  #movement(row: SourceRow, amountMinor: bigint): { readonly type: string; readonly amount: string } {
    const direction = amountMinor > 0n ? 'credit' : 'debit';
    const column = this.#columns.type;
    const named = column === undefined ? undefined : this.#text(row, column)?.toUpperCase();
    const type = named || (direction === 'credit' ? 'DEPOSIT' : 'WITHDRAW');
    const sign = SIGN_BY_TYPE.get(type);
    if (sign === undefined) throw new RowFault(`${type} is none of ${[...SIGN_BY_TYPE.keys()].join(', ')}`);
    if (sign === 'either') return { type, amount: amountMinor.toString() };
    if (sign !== direction) throw new RowFault(`${type} is a ${sign}, but the amount is a ${direction}`);
    return { type, amount: (amountMinor < 0n ? -amountMinor : amountMinor).toString() };
  }

  #details(row: SourceRow): { effectiveAt?: string; reason?: string; metadata?: Record<string, string> } {
    const { effective, reason: reasonColumn, metadata: columns } = this.#columns;
    const reason = reasonColumn === undefined ? undefined : this.#text(row, reasonColumn);
    const members = columns.flatMap((name) => {
      const text = row.fields.get(name);
      return text ? [[name, text] as const] : [];
    });
    return {
      ...(effective === undefined ? {} : { effectiveAt: this.#effectiveAt(row, effective) }),
      ...(reason ? { reason } : {}),
      ...(members.length > 0 ? { metadata: Object.fromEntries(members) } : {}),
    };
  }

  #effectiveAt(row: SourceRow, column: string): string {
    const text = this.#required(row, column);
    const time = parseEffectiveTime(text);
    if (time === undefined) throw new RowFault(`${column} must be a date or an ISO 8601 time, not "${text}"`);
    return time;
  }

  #text(row: SourceRow, column: string): string | undefined {
    return row.fields.get(column)?.trim();
  }

  #required(row: SourceRow, column: string): string {
    const text = this.#text(row, column);
    if (!text) throw new RowFault(`${column} is empty`);
    return text;
  }
}

function granted<T extends string | bigint>(result: T | Refusal): T {
  if (isRefusal(result)) throw new RowFault(result.message);
  return result;
}
