import { z } from 'zod';
import type { Action, Showdown, TableRules } from '../game/index.js';
import type { JoinRequest } from '../room/desk.js';

// What comes in is parsed here, once; behind it everything has its type.

/** As the platform's: a player is known there under the same name. */
const id = z
  .string()
  .regex(
    /^[A-Za-z0-9._:+-][A-Za-z0-9._:@+-]{0,127}$/,
    '1-128 letters, digits or ._:@+-, not starting with @',
  );
/** Also the name of a file, on disks that do not tell upper case from lower. */
const tableName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    '1-64 lower-case letters, digits, - or _, starting with a letter or digit',
  );
const CHIPS_MAX = BigInt(Number.MAX_SAFE_INTEGER);
/** A whole number, or its digits as text. */
const chips = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,16}$/)])
  .transform((value) => BigInt(value))
  .refine((value) => value <= CHIPS_MAX, 'at most 2^53 - 1');
const positive = chips.refine((value) => value > 0n, 'more than 0');
const seat = z.int().min(1);
const SEATS_MAX = 10;

export const tableParams = z.object({ tableId: tableName });
export const handParams = z.object({ tableId: tableName, handId: id });

export const createTable = z
  .object({
    tableId: tableName.default(() => crypto.randomUUID()),
    seats: z.int().min(2).max(SEATS_MAX).default(6),
    smallBlind: positive,
    bigBlind: positive,
    buyInMin: positive,
    buyInMax: positive,
  })
  .refine(({ smallBlind, bigBlind }) => smallBlind <= bigBlind, 'smallBlind is at most bigBlind')
  .refine(({ buyInMin, buyInMax }) => buyInMin <= buyInMax, 'buyInMin is at most buyInMax')
  .transform(({ seats, ...rules }): TableRules => ({ ...rules, seatCount: seats }));

export const join = z
  .object({ userId: id, seat, buyIn: positive, autoTopUp: z.boolean().default(false) })
  .transform(({ seat: seatId, buyIn, ...player }): JoinRequest => ({ ...player, seatId, amount: buyIn }));

export const topUp = z.object({ userId: id, amount: positive });
export const leave = z.object({ userId: id });

export const action = z
  .discriminatedUnion('action', [
    z.object({ seat, action: z.enum(['fold', 'check', 'call', 'all-in']) }),
    z.object({ seat, action: z.literal('bet'), amount: positive }),
    z.object({ seat, action: z.literal('raise'), amount: positive }),
  ])
  .transform(({ seat: seatId, ...move }): Action & { readonly seatId: number } => ({ ...move, seatId }));

const winner = z
  .object({ seat, amount: positive })
  .transform(({ seat: seatId, amount }) => ({ seatId, amount }));
const ranked = z
  .object({ seat, rank: z.int().min(1) })
  .transform(({ seat: seatId, rank }) => ({ seatId, rank }));

/** Either who gets how much, or how the hands rank: then the platform divides main and side pots. */
export const showdown: z.ZodType<Showdown> = z.union([
  z.strictObject({ winners: z.array(winner).min(1).max(SEATS_MAX) }),
  z.strictObject({ ranking: z.array(ranked).min(1).max(SEATS_MAX) }),
]);

export const abort = z.object({ reason: z.string().max(200).default('aborted by the table') });
