import { readFile } from 'node:fs/promises';

/** Chips of a player at a seat. */
export interface SeatAmount {
  readonly seat: number;
  readonly player: string;
  readonly amount: number;
}

/** One hand as the file has it. */
export interface HistoryHand {
  readonly hand_id: string;
  readonly table: string;
  readonly seats: readonly { readonly seat: number; readonly player: string; readonly stack: number }[];
  readonly contributions: readonly (SeatAmount & { readonly type: string })[];
  readonly returned: readonly SeatAmount[];
  readonly winners: readonly SeatAmount[];
  readonly total_pot: number;
  readonly rake: number;
}

/** The hands of a file, in its order. */
export async function readHands(path: string): Promise<readonly HistoryHand[]> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  // The file is given; were it another, the literal figures would not be found.
  return lines.map((line) => JSON.parse(line) as HistoryHand);
}

export function total(amounts: readonly { readonly amount: number }[]): number {
  return amounts.reduce((sum, { amount }) => sum + amount, 0);
}

export function ofSeat(amounts: readonly SeatAmount[], seat: number): number {
  return total(amounts.filter((entry) => entry.seat === seat));
}

/** Where the chips are when everything is over. */
export interface Ending {
  readonly balances: ReadonlyMap<string, number>;
  readonly escrows: ReadonlyMap<string, number>;
  /** Cash-outs that the table could not cover. */
  readonly refused: number;
}

/** How the hands end by plain arithmetic. `twice`: winnings are cashed out again; `isCovered` asks the table. */
export function endingOf(
  hands: readonly HistoryHand[],
  { twice, isCovered }: { twice: boolean; isCovered: (escrow: number, amount: number) => boolean },
): Ending {
  const balances = new Map<string, number>();
  const escrows = new Map<string, number>();
  let refused = 0;
  const credit = (player: string, amount: number): unknown =>
    balances.set(player, (balances.get(player) ?? 0) + amount);
  for (const { table, seats, contributions, returned, winners, total_pot: pot } of hands) {
    let escrow = (escrows.get(table) ?? 0) + seats.reduce((sum, { stack }) => sum + stack, 0) - pot;
    for (const { player, amount } of winners) credit(player, amount);
    for (const { seat, player, stack } of seats) {
      const rest = stack - ofSeat(contributions, seat) + ofSeat(returned, seat);
      const amount = rest + (twice ? ofSeat(winners, seat) : 0);
      const isGranted = isCovered(escrow, amount);
      if (!isGranted) refused += 1;
      credit(player, isGranted ? amount : 0);
      escrow -= isGranted ? amount : 0;
    }
    escrows.set(table, escrow);
  }
  return { balances, escrows, refused };
}

/** Entries of an honest replay: two for each movement of chips. */
export function entriesOf(hands: readonly HistoryHand[]): number {
  const movements = hands.flatMap(({ seats, contributions, returned, winners, rake }) => [
    // Funded and bought in.
    seats.length * 2,
    contributions.length + returned.length,
    new Set(winners.map(({ seat }) => seat)).size,
    rake > 0 ? 1 : 0,
    // Whoever lost everything has nothing to cash out.
    seats.filter(({ seat, stack }) => stack > ofSeat(contributions, seat) - ofSeat(returned, seat)).length,
  ]);
  return movements.reduce((sum, count) => sum + 2 * count, 0);
}
