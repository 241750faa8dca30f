import type { ModelSeat } from './model.types.js';

/** One winner's part. */
export interface Share {
  readonly seatId: number;
  readonly accountId: string;
  readonly amount: bigint;
}

interface Layer {
  chips: bigint;
  readonly eligible: readonly number[];
}

export function netOf({ contributed, returned }: ModelSeat): bigint {
  return contributed - returned;
}

/**
 * Divides chips as the weights are to each other: everyone's exact part rounded down, and what remains one chip each
 * to the first that have a weight.
 */
export function modelSplit(chips: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((total, weight) => total + weight, 0n);
  const parts = weights.map((weight) => (sum === 0n ? 0n : (chips * weight) / sum));
  let left = chips - parts.reduce((total, part) => total + part, 0n);
  return parts.map((part, i) => {
    if (left === 0n || weights[i] === 0n) return part;
    left -= 1n;
    return part + 1n;
  });
}

/** What named winners get of the chips: their own amounts when these sum to the chips, else in proportion. */
export function modelWinnings(chips: bigint, winners: readonly Share[]): Share[] {
  const merged = new Map<string, Share>();
  for (const winner of winners) {
    const name = `${winner.seatId} ${winner.accountId}`;
    const amount = (merged.get(name)?.amount ?? 0n) + winner.amount;
    merged.set(name, { ...winner, amount });
  }
  const inSeatOrder = [...merged.values()].sort((left, right) => left.seatId - right.seatId);
  const parts = modelSplit(
    chips,
    inSeatOrder.map(({ amount }) => amount),
  );
  return inSeatOrder.map((winner, i) => ({ ...winner, amount: parts[i] ?? 0n }));
}

/** What the shown hands win, chip by chip: ranks by seat, 1 is the best; whoever shows none has folded. */
export function modelShowdown(
  seats: readonly ModelSeat[],
  ranks: ReadonlyMap<number, number>,
  rake: bigint,
): Share[] {
  const layers = sidePots(seats, ranks);
  const rakes = modelSplit(
    rake,
    layers.map(({ chips }) => chips),
  );
  const won = new Map<number, bigint>();
  layers.forEach(({ chips, eligible }, i) => {
    const best = Math.min(...eligible.map((seatId) => ranks.get(seatId) ?? Infinity));
    const winners = eligible.filter((seatId) => ranks.get(seatId) === best);
    const parts = modelSplit(
      chips - (rakes[i] ?? 0n),
      winners.map(() => 1n),
    );
    winners.forEach((seatId, place) => {
      won.set(seatId, (won.get(seatId) ?? 0n) + (parts[place] ?? 0n));
    });
  });
  return seats.map(({ seatId, accountId }) => ({ seatId, accountId, amount: won.get(seatId) ?? 0n }));
}

/** Main pot first. */
function sidePots(seats: readonly ModelSeat[], ranks: ReadonlyMap<number, number>): Layer[] {
  const layers: Layer[] = [];
  const levels = [...new Set(seats.map(netOf))].filter((level) => level > 0n);
  levels.sort((left, right) => (left < right ? -1 : 1));
  let below = 0n;
  // Chips of a layer for which nobody plays any more before there is a pot that they could join.
  let orphaned = 0n;
  for (const level of levels) {
    const inIt = seats.filter((seat) => netOf(seat) >= level);
    const chips = (level - below) * BigInt(inIt.length);
    below = level;
    const eligible = inIt.map(({ seatId }) => seatId).filter((seatId) => ranks.has(seatId));
    const last = layers.at(-1);
    if (last && (eligible.length === 0 || eligible.join() === last.eligible.join())) last.chips += chips;
    else if (eligible.length === 0) orphaned += chips;
    else {
      layers.push({ chips: chips + orphaned, eligible });
      orphaned = 0n;
    }
  }
  return layers;
}
