import { z } from 'zod';
import type { Movement, Table } from '../game/index.js';

/** A hold that was asked for, for chips that are not at a seat yet. */
export interface AskedHold {
  readonly buyInId: string;
  readonly userId: string;
  readonly amount: bigint;
}

/** Everything a table has to know after a crash. */
export interface TableRecord {
  readonly table: Table;
  /** Written down before they are asked for, so that none is forgotten. */
  readonly asked: readonly AskedHold[];
  /** What the platform has to move for the game as it stands in `table`, and may not have been told of yet. */
  readonly outbox: readonly Movement[];
}

/** JSON knows neither bigint nor undefined: digits and null stand for them. */
export function encodeRecord(record: TableRecord): string {
  const encode = (_name: string, value: unknown): unknown =>
    typeof value === 'bigint' ? String(value) : (value ?? null);
  return `${JSON.stringify(record, encode, 2)}\n`;
}

/** @throws ZodError that names what is wrong with the text */
export function decodeRecord(text: string): TableRecord {
  return tableRecord.parse(JSON.parse(text));
}

const chips = z
  .string()
  .regex(/^\d+$/)
  .transform((digits) => BigInt(digits));
const whole = z.int().nonnegative();
const id = z.string();
const orUndefined = <Value>(schema: z.ZodType<Value>) =>
  schema.nullable().transform((value) => value ?? undefined);

const buyIn = z.object({ kind: z.literal('buy-in'), buyInId: id, reservationId: id, amount: chips });
const cashOut = z.object({ kind: z.literal('cash-out'), cashOutId: id, amount: chips });
const seat = z.object({
  seatId: whole,
  userId: id,
  stack: chips,
  autoTopUp: z.boolean(),
  open: orUndefined(z.union([buyIn, cashOut])),
});
const player = z.object({
  seatId: whole,
  userId: id,
  contributed: chips,
  bet: chips,
  hasFolded: z.boolean(),
  hasActed: z.boolean(),
  mayRaise: z.boolean(),
});
const hand = z.object({
  handId: id,
  street: z.enum(['preflop', 'flop', 'turn', 'river', 'showdown']),
  buttonSeatId: whole,
  players: z.array(player),
  turnSeatId: orUndefined(whole),
  currentBet: chips,
  raiseMin: chips,
  movementCount: whole,
});
const table = z.object({
  rules: z.object({
    tableId: id,
    seatCount: whole,
    smallBlind: chips,
    bigBlind: chips,
    buyInMin: chips,
    buyInMax: chips,
  }),
  seats: z.array(seat),
  buttonSeatId: orUndefined(whole),
  hand: orUndefined(hand),
});

const inHand = { handId: id, number: whole };
const ofSeat = { seatId: whole, userId: id };
const payout = z.discriminatedUnion('by', [
  z.object({ by: z.literal('amounts'), winners: z.array(z.object({ ...ofSeat, amount: chips })) }),
  z.object({ by: z.literal('ranking'), hands: z.array(z.object({ ...ofSeat, rank: whole })) }),
]);
const movement = z.discriminatedUnion('kind', [
  z.object({
    ...inHand,
    ...ofSeat,
    kind: z.literal('contribute'),
    amount: chips,
    type: z.enum(['BLIND', 'BET', 'CALL', 'RAISE']),
  }),
  z.object({ ...inHand, ...ofSeat, kind: z.literal('return'), amount: chips }),
  z.object({ ...inHand, kind: z.literal('settle'), payout }),
  z.object({ ...inHand, kind: z.literal('cancel'), reason: z.string() }),
]);

const tableRecord = z.object({
  table,
  asked: z.array(z.object({ buyInId: id, userId: id, amount: chips })),
  outbox: z.array(movement),
});
