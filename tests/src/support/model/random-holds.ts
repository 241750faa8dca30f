import type { SeededRandom } from '@steelyard/testing/seed';
import { AMOUNT_MAX, type Body, type BodyOf } from './model.types.js';
import { fewDetails } from './random-bodies.js';

const DAY_SECONDS = 86_400;

/** Names that commands on reservations and tables are made of. */
export interface KnownNames {
  readonly accounts: readonly string[];
  readonly tables: readonly string[];
  /** Placeholders of reservations, in the order in which they were held. */
  readonly reservations: readonly string[];
  /** Of a transaction. */
  readonly posted: string;
}

/** Holds funds, and ends or prolongs what is held. */
export function randomHold(random: SeededRandom, names: KnownNames): Body {
  if (names.reservations.length === 0 || random.chance(0.42)) return reserve(random, names);
  const reservationId = random.chance(0.01)
    ? random.pick(['', 'nonsense', '%r999999999', names.posted])
    : recent(random, names.reservations);
  const kind = random.integer(0, 99);
  if (kind < 55) {
    const amount = random.chance(0.6) ? undefined : BigInt(random.integer(1, random.chance(0.8) ? 40 : 400));
    return { $case: 'commitReservation', value: { reservationId, amount, details: fewDetails(random) } };
  }
  if (kind < 80) {
    return { $case: 'releaseReservation', value: { reservationId, details: fewDetails(random) } };
  }
  const timeoutSeconds = random.chance(0.05) ? random.pick([0, DAY_SECONDS + 1]) : seconds(random);
  const value = { reservationId, timeoutSeconds, details: fewDetails(random) };
  return { $case: 'extendReservation', value };
}

/** A hold for a buy-in by an account at a table of its currency, so that there are chips to play with. */
export function buyInHold(random: SeededRandom, accountId: string, tableId: string): Body {
  const target = { $case: 'tableId' as const, value: tableId };
  const amount = BigInt(random.integer(20, 200));
  const value = { accountId, amount, timeoutSeconds: DAY_SECONDS, target, reference: '', details: undefined };
  return { $case: 'reserve', value };
}

function reserve(random: SeededRandom, names: KnownNames): Body {
  const accountId = random.pick(names.accounts);
  const isBig = accountId.endsWith('9') && random.chance(0.3);
  const timeoutSeconds = random.chance(0.02) ? DAY_SECONDS + 1 : random.chance(0.3) ? 0 : seconds(random);
  const value = {
    accountId,
    amount: isBig ? AMOUNT_MAX - BigInt(random.integer(0, 3)) : BigInt(random.integer(1, 150)),
    timeoutSeconds,
    target: target(random, accountId, names),
    reference: random.chance(0.7) ? '' : `order ${random.integer(1, 9)}`,
    details: fewDetails(random),
  };
  return { $case: 'reserve', value };
}

function target(random: SeededRandom, accountId: string, names: KnownNames): BodyOf<'reserve'>['target'] {
  const kind = random.integer(0, 99);
  if (kind < 30) return undefined;
  const alike = (ids: readonly string[]): readonly string[] =>
    ids.filter((id) => id.at(-1) === accountId.at(-1));
  if (kind < 60) {
    const others = random.chance(0.85) ? alike(names.accounts) : names.accounts;
    return { $case: 'toAccountId', value: random.pick(others) };
  }
  const tables = alike(names.tables);
  return { $case: 'tableId', value: random.pick(tables.length > 0 ? tables : names.tables) };
}

/** Short, so that clocks that move by seconds meet the end to the millisecond; seldom as long as may be. */
function seconds(random: SeededRandom): number {
  if (random.chance(0.05)) return DAY_SECONDS;
  return random.integer(1, random.chance(0.7) ? 40 : 600);
}

/** Mostly of the latest: several commands are to meet on one. */
export function recent<Item>(random: SeededRandom, items: readonly Item[], count = 40): Item {
  const from = random.chance(0.85) ? Math.max(0, items.length - count) : 0;
  const item = items[random.integer(from, items.length - 1)];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
}
