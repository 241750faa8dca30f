import { withSeed, type SeededRandom } from '@steelyard/testing/seed';
import {
  abortHand,
  act,
  potOf,
  seatOf,
  settleHand,
  startHand,
  type Action,
  type Hand,
  type Movement,
  type Table,
} from '../src/game/index.js';
import { decodeRecord, encodeRecord } from '../src/state/table-record.js';
import { granted, tableWith } from './support/tables.js';

const TABLES = 60;
const HANDS_PER_TABLE = 15;
/** A hand of nine players cannot take longer than this, unless betting never ends. */
const MOVES_MAX = 2_000;

/** What the platform keeps for a table, by the rules of its commands: the judge of what the game asks it to move. */
class Books {
  escrow: bigint;
  paidOut = 0n;
  readonly #pots = new Map<string, bigint>();
  readonly #seen = new Set<string>();

  constructor(table: Table) {
    this.escrow = sumOf(table.seats.map(({ stack }) => stack));
  }

  potOf(handId: string): bigint {
    return this.#pots.get(handId) ?? 0n;
  }

  apply(movement: Movement): void {
    const name = `${movement.handId}/${movement.number}`;
    expect(this.#seen.has(name)).toBe(false);
    this.#seen.add(name);
    const pot = this.potOf(movement.handId);
    switch (movement.kind) {
      case 'contribute':
        expect(movement.amount).toBeGreaterThan(0n);
        expect(movement.amount).toBeLessThanOrEqual(this.escrow);
        return this.#set(movement.handId, { escrow: -movement.amount, pot: pot + movement.amount });
      case 'return':
        expect(movement.amount).toBeGreaterThan(0n);
        expect(movement.amount).toBeLessThan(pot);
        return this.#set(movement.handId, { escrow: movement.amount, pot: pot - movement.amount });
      case 'settle':
        if (movement.payout.by === 'amounts') {
          expect(sumOf(movement.payout.winners.map(({ amount }) => amount))).toBe(pot);
        }
        this.paidOut += pot;
        return this.#set(movement.handId, { escrow: 0n, pot: 0n });
      case 'cancel':
        return this.#set(movement.handId, { escrow: pot, pot: 0n });
    }
  }

  #set(handId: string, { escrow, pot }: { readonly escrow: bigint; readonly pot: bigint }): void {
    this.escrow += escrow;
    this.#pots.set(handId, pot);
  }
}

describe('whatever players do', () => {
  it('every hand ends, and the stacks are the chips that the platform keeps for the table', () =>
    withSeed((random) => {
      for (let i = 0; i < TABLES; i++) {
        let table = tableWith(...stacks(random));
        const books = new Books(table);
        const before = books.escrow;
        for (let number = 1; number <= HANDS_PER_TABLE; number++) {
          table = playHand(table, { books, random, handId: `hand-${number}` });
        }
        expect(books.escrow + books.paidOut).toBe(before);
      }
    }));
});

interface Played {
  readonly books: Books;
  readonly random: SeededRandom;
  readonly handId: string;
}

function playHand(table: Table, { books, random, handId }: Played): Table {
  const started = startHand(table, handId);
  if (!started.ok) {
    expect(started.code).toBe('TOO_FEW_PLAYERS');
    return table;
  }
  let { table: current, movements } = started.value;
  for (let moves = 0; ; moves++) {
    expect(moves).toBeLessThan(MOVES_MAX);
    for (const movement of movements) books.apply(movement);
    expectAgreement(current, books);
    const { hand } = current;
    if (hand === undefined) return current;
    ({ table: current, movements } = granted(nextStep(current, hand, random)));
  }
}

function nextStep(table: Table, hand: Hand, random: SeededRandom) {
  if (random.chance(0.01)) return abortHand(table, hand.handId, 'lights out');
  if (hand.street === 'showdown') return settleHand(table, hand.handId, winnersOf(hand, random));
  const seatId = hand.turnSeatId ?? 0;
  // Any move that is possible: at least folding is.
  for (;;) {
    const tried = act(table, hand.handId, { seatId, ...randomAction(table, hand, random) });
    if (tried.ok) return tried;
    expect(tried.code).toMatch(/^(ACTION|AMOUNT)_NOT_POSSIBLE$/);
  }
}

function randomAction(table: Table, hand: Hand, random: SeededRandom): Action {
  const action = random.pick([
    'fold',
    'check',
    'check',
    'call',
    'call',
    'call',
    'bet',
    'raise',
    'all-in',
  ] as const);
  if (action !== 'bet' && action !== 'raise') return { action };
  const stack = seatOf(table, hand.turnSeatId ?? 0)?.stack ?? 0n;
  const most = hand.currentBet + stack;
  return { action, amount: BigInt(random.integer(1, Number(most))) };
}

function winnersOf(hand: Hand, random: SeededRandom) {
  const live = hand.players.filter(({ hasFolded }) => !hasFolded);
  if (random.chance(0.5)) return { ranking: live.map(({ seatId }, index) => ({ seatId, rank: index + 1 })) };
  return { winners: [{ seatId: random.pick(live).seatId, amount: potOf(hand) }] };
}

function expectAgreement(table: Table, books: Books): void {
  const { hand } = table;
  expect(sumOf(table.seats.map(({ stack }) => stack))).toBe(books.escrow);
  for (const { stack } of table.seats) expect(stack).toBeGreaterThanOrEqual(0n);
  if (hand !== undefined) {
    expect(potOf(hand)).toBe(books.potOf(hand.handId));
    if (hand.street === 'showdown') expectNothingUncalled(hand);
    else expectTurn(table, hand);
  }
  const record = { table, asked: [], outbox: [] };
  expect(decodeRecord(encodeRecord(record))).toEqual(record);
}

function expectTurn(table: Table, hand: Hand): void {
  const player = hand.players.find(({ seatId }) => seatId === hand.turnSeatId);
  expect(player?.hasFolded).toBe(false);
  expect(seatOf(table, player?.seatId ?? 0)?.stack).toBeGreaterThan(0n);
}

function expectNothingUncalled(hand: Hand): void {
  const most = hand.players.map(({ contributed }) => contributed).reduce((a, b) => (a > b ? a : b));
  expect(hand.players.filter(({ contributed }) => contributed === most).length).toBeGreaterThan(1);
}

function stacks(random: SeededRandom): readonly bigint[] {
  return Array.from({ length: random.integer(2, 9) }, () => BigInt(random.integer(1, 400)));
}

function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}
