import { invariant } from '../result/index.js';
import { totalOf } from './contributions.js';

/** What falls to one seat, in minor units. */
export interface SeatShare {
  readonly seatId: number;
  readonly amount: bigint;
}

/**
 * The items with their amounts scaled in proportion, so that they sum to exactly `total` minor units. Each
 * share is rounded down; the chips that are left go one each to the first items, so the order of the items
 * decides: seat order for winners, the main pot first for pots. Amounts that sum to `total` already stay as
 * they are, and an amount of zero stays zero, odd chips or not.
 *
 * No amount may be below zero, and one must be above it unless `total` is zero.
 */
export function scaleToSum<Item extends { readonly amount: bigint }>(
  items: readonly Item[],
  total: bigint,
): Item[] {
  invariant(total >= 0n && items.every(({ amount }) => amount >= 0n), 'nobody gets less than nothing');
  const sum = totalOf(items);
  invariant(sum > 0n || total === 0n, 'chips go to somebody');
  if (sum === total) return [...items];
  const shareOf = (weight: bigint): bigint => (weight * total) / sum;
  // Less than one chip was cut from each weight above zero: there are fewer odd chips than such items.
  let oddChips = items.reduce((left, { amount }) => left - shareOf(amount), total);
  return items.map((item) => {
    const oddChip = oddChips > 0n && item.amount > 0n ? 1n : 0n;
    oddChips -= oddChip;
    return { ...item, amount: shareOf(item.amount) + oddChip };
  });
}

/** Splits an amount of minor units equally; odd chips go one each to the first seats in seat order. */
export function splitEqually(amount: bigint, seatIds: readonly number[]): SeatShare[] {
  invariant(seatIds.length > 0, 'an amount is split among at least one seat');
  invariant(new Set(seatIds).size === seatIds.length, 'a seat has one share');
  const seats = seatIds.toSorted((a, b) => a - b).map((seatId) => ({ seatId, amount: 1n }));
  return scaleToSum(seats, amount);
}
