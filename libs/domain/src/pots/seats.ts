/** Something that belongs to one seat of a table. */
export interface Seated {
  readonly seatId: number;
}

/** A copy in seat order: ascending seat ids. Where money must be uneven, this order decides. */
export function inSeatOrder<Item extends Seated>(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => a.seatId - b.seatId);
}

/** The lowest seat that is named more than once, or undefined. */
export function findRepeatedSeat(items: readonly Seated[]): number | undefined {
  const ordered = inSeatOrder(items);
  return ordered.find(({ seatId }, index) => seatId === ordered[index + 1]?.seatId)?.seatId;
}
