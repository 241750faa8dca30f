import type { SeededRandom } from '@steelyard/testing/seed';
import type { Body, BodyOf, PotAnswer } from './model.types.js';
import { CURRENCY_OF_DIGIT, fewDetails } from './random-bodies.js';
import { recent } from './random-holds.js';

const SEATS = 6;
const TYPES = ['BLIND', 'ANTE', 'BET', 'CALL', 'RAISE'];

/** Tables whose hands are played one after the other; what is known of their pots makes settlements that sum. */
export class RandomTables {
  /** The last digit says the currency that is mostly played with, as with accounts. */
  readonly tables: readonly string[];
  readonly #random: SeededRandom;
  readonly #hands = new Map<string, number>();
  /** Chips of active pots, by table and hand. */
  readonly #totals = new Map<string, bigint>();

  constructor(random: SeededRandom, tables: number) {
    this.#random = random;
    this.tables = Array.from({ length: tables }, (_, i) => `%t${i}`);
  }

  /** Tells of what a command made of a pot. */
  answered({ state }: PotAnswer): void {
    const { tableId = '', handId = '', status, total = '0' } = state;
    const name = `%${tableId.slice(tableId.lastIndexOf('t'))} ${handId}`;
    if (status === 'ACTIVE') this.#totals.set(name, BigInt(total));
    else if (this.#totals.delete(name) && this.#random.chance(0.8)) this.#nextHand(name.split(' ')[0] ?? '');
  }

  randomBody(accounts: readonly string[]): Body {
    const random = this.#random;
    const tableId = random.pick(this.tables);
    const kind = random.integer(0, 99);
    if (kind < 46) return this.#contribute(tableId, accounts);
    if (kind < 58) return this.#return(tableId);
    if (kind < 76) return this.#settle(accounts);
    if (kind < 82) {
      const value = { tableId, handId: this.#hand(tableId), details: fewDetails(random) };
      return { $case: 'cancelPot', value };
    }
    if (kind < 96) return this.#cashOut(tableId, accounts);
    const currency = random.chance(0.8) ? currencyOf(tableId) : random.pick(['', 'XXX', 'lower', 'USD']);
    const escrowPolicy = random.chance(0.05) ? 'lax' : random.chance(0.5) ? 'strict' : 'observe';
    const value = { tableId, escrowPolicy, currency, details: fewDetails(random) };
    return { $case: 'setTablePolicy', value };
  }

  #contribute(tableId: string, accounts: readonly string[]): Body {
    const random = this.#random;
    const seatId = random.chance(0.01) ? -1 : random.integer(1, SEATS);
    const value = {
      tableId,
      handId: this.#hand(tableId),
      seatId,
      accountId: random.chance(0.03) ? random.pick(accounts) : playerOf(tableId, seatId, accounts),
      amount: BigInt(random.chance(0.02) ? 100_000 : random.integer(1, 25)),
      contributionType: random.chance(0.02) ? 'CHECK' : random.pick(TYPES),
      currency: random.chance(0.96) ? currencyOf(tableId) : random.pick(['', 'CZK', 'XXX']),
      details: fewDetails(random),
    };
    return { $case: 'contribute', value };
  }

  #return(tableId: string): Body {
    const random = this.#random;
    const value = {
      tableId,
      handId: this.#hand(tableId),
      seatId: random.integer(1, SEATS),
      amount: BigInt(random.integer(1, 20)),
      details: fewDetails(random),
    };
    return { $case: 'returnContribution', value };
  }

  #cashOut(tableId: string, accounts: readonly string[]): Body {
    const random = this.#random;
    const seatId = random.chance(0.5) ? random.integer(1, SEATS) : undefined;
    const value = {
      accountId: random.chance(0.1) ? random.pick(accounts) : playerOf(tableId, seatId ?? 1, accounts),
      tableId,
      amount: BigInt(random.chance(0.05) ? 100_000 : random.integer(1, 60)),
      seatId,
      handId: random.chance(0.5) ? '' : this.#hand(tableId),
      details: fewDetails(random),
    };
    return { $case: 'cashOut', value };
  }

  #settle(accounts: readonly string[]): Body {
    const random = this.#random;
    const active = [...this.#totals.keys()];
    const isActive = active.length > 0 && random.chance(0.8);
    const [tableId = '', handId = ''] = isActive ? recent(random, active, 10).split(' ') : this.#anyHand();
    const total = this.#totals.get(`${tableId} ${handId}`) ?? 10n;
    const rake = random.chance(0.6) ? undefined : BigInt(random.integer(random.chance(0.02) ? -1 : 0, 9));
    const payout = random.chance(0.4)
      ? this.#showdown(tableId, accounts)
      : this.#winners(tableId, accounts, total - (rake ?? 0n));
    return {
      $case: 'settlePot',
      value: { tableId, handId, payout, rake, details: fewDetails(random) },
    };
  }

  #winners(tableId: string, accounts: readonly string[], chips: bigint): BodyOf<'settlePot'>['payout'] {
    const random = this.#random;
    const count = random.chance(0.05) ? 0 : random.integer(1, 4);
    const winners = Array.from({ length: count }, (_, i) => {
      const seatId = random.chance(0.9) ? ((i * 2) % SEATS) + 1 : random.integer(1, SEATS + 2);
      const strangers = random.chance(0.5) ? [`%w${random.integer(0, 9_999)}`] : accounts;
      const accountId = random.chance(0.1) ? random.pick(strangers) : playerOf(tableId, seatId, accounts);
      return { seatId, accountId, amount: BigInt(random.chance(0.1) ? 0 : random.integer(1, 90)) };
    });
    const [first, ...others] = winners;
    // Half of them get what there is, to the chip.
    const left = others.reduce((sum, { amount }) => sum - amount, chips);
    if (first && left > 0n && random.chance(0.5)) first.amount = left;
    return { $case: 'winners', value: { winners: random.chance(0.3) ? winners.reverse() : winners } };
  }

  /** Of the seats that may be in the pot; the others have folded. */
  #showdown(tableId: string, accounts: readonly string[]): BodyOf<'settlePot'>['payout'] {
    const random = this.#random;
    const count = random.integer(random.chance(0.1) ? 0 : 1, 3);
    const first = random.integer(1, SEATS);
    const hands = Array.from({ length: count }, (_, i) => {
      const seatId = ((first + i * 2) % SEATS) + 1;
      const accountId = random.chance(0.03) ? random.pick(accounts) : playerOf(tableId, seatId, accounts);
      return { seatId, accountId, rank: random.integer(random.chance(0.02) ? 0 : 1, 3) };
    });
    return { $case: 'showdown', value: { hands } };
  }

  #anyHand(): readonly [string, string] {
    const tableId = this.#random.pick(this.tables);
    return [tableId, this.#hand(tableId)];
  }

  /** Mostly the present hand; now and then the next one begins, or an earlier one is meant. */
  #hand(tableId: string): string {
    const random = this.#random;
    if (random.chance(0.04)) this.#nextHand(tableId);
    const hand = this.#hands.get(tableId) ?? 1;
    return `h${random.chance(0.1) ? random.integer(1, hand) : hand}`;
  }

  #nextHand(tableId: string): void {
    this.#hands.set(tableId, (this.#hands.get(tableId) ?? 1) + 1);
  }
}

/** Who sits there: always the same, while the account is in use, and of the table's currency. */
function playerOf(tableId: string, seatId: number, accounts: readonly string[]): string {
  const alike = accounts.filter((accountId) => accountId.at(-1) === tableId.at(-1));
  const index = Math.abs(Number.parseInt(tableId.slice(2), 10) + seatId) % Math.max(1, alike.length);
  return alike[index] ?? accounts[0] ?? '';
}

function currencyOf(id: string): string {
  return CURRENCY_OF_DIGIT[Number.parseInt(id.slice(-1), 10)] ?? 'CHIPS';
}
