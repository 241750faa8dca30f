import type { ContributionType } from '@steelyard/client';
import { parseAmount } from '@steelyard/domain/money';
import { isRefusal } from '@steelyard/domain/result';
import { isJsonObject, type JsonObject } from '../api/json-reader.js';
import {
  ofSeat,
  totalOf,
  type Contribution,
  type Hand,
  type Seat,
  type SeatAmount,
  type Seated,
} from './hand.js';

// With the name of the run before it an id still fits the platform's 128 characters, and a key its 255.
const ID = /^[A-Za-z0-9._:+-][A-Za-z0-9._:@+-]{0,63}$/;
const SEAT_MAX = 1_000;
const CONTRIBUTION_TYPES: readonly ContributionType[] = ['BLIND', 'ANTE', 'BET', 'CALL', 'RAISE'];

/** Why a line is not a hand. */
export class MalformedHand extends Error {
  override readonly name = 'MalformedHand';
}

/** One hand of JSON. Throws MalformedHand when it is none, or when its amounts do not agree with each other. */
export function parseHand(text: string): Hand {
  const object = objectIn(parseJson(text), 'the line');
  const hand: Hand = {
    handId: idIn(object, 'hand_id'),
    table: idIn(object, 'table'),
    seats: listIn(object, 'seats').map(readSeat),
    contributions: listIn(object, 'contributions').map(readContribution),
    returned: listIn(object, 'returned').map(readSeatAmount),
    winners: listIn(object, 'winners').map(readSeatAmount),
    totalPot: amountIn(object, 'total_pot', 1n),
    rake: amountIn(object, 'rake', 0n),
  };
  checkSeats(hand);
  checkSums(hand);
  return hand;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedHand('not JSON', { cause });
  }
}

function readSeated(object: JsonObject): Seated {
  const seatId = amountIn(object, 'seat', 0n);
  if (seatId > SEAT_MAX) throw new MalformedHand(`seat must be at most ${SEAT_MAX}`);
  return { seatId: Number(seatId), player: idIn(object, 'player') };
}

function readSeat(object: JsonObject): Seat {
  return { ...readSeated(object), stack: amountIn(object, 'stack', 0n) };
}

function readSeatAmount(object: JsonObject): SeatAmount {
  return { ...readSeated(object), amount: amountIn(object, 'amount', 1n) };
}

function readContribution(object: JsonObject): Contribution {
  const type = CONTRIBUTION_TYPES.find((known) => known === object['type']);
  if (type === undefined) throw new MalformedHand(`type must be one of ${CONTRIBUTION_TYPES.join(', ')}`);
  return { ...readSeatAmount(object), type };
}

/** Everybody who acts or wins sits there, once. */
function checkSeats({ seats, contributions, returned, winners }: Hand): void {
  if (new Set(seats.map(({ seatId }) => seatId)).size < seats.length) {
    throw new MalformedHand('a seat is taken twice');
  }
  const stranger = [...contributions, ...returned, ...winners].find(
    ({ seatId, player }) => !seats.some((seat) => seat.seatId === seatId && seat.player === player),
  );
  if (stranger) throw new MalformedHand(`${stranger.player} does not sit at seat ${stranger.seatId}`);
}

/** The history agrees with itself: otherwise the platform would be blamed for what the file says. */
function checkSums(hand: Hand): void {
  const { contributions, returned, winners, totalPot, rake } = hand;
  for (const { seatId, stack } of hand.seats) {
    const contributed = ofSeat(contributions, seatId);
    if (contributed > stack) throw new MalformedHand(`seat ${seatId} contributes more than its stack`);
    if (ofSeat(returned, seatId) > contributed) {
      throw new MalformedHand(`seat ${seatId} gets back more than it contributed`);
    }
  }
  const inPot = totalOf(contributions) - totalOf(returned);
  if (inPot !== totalPot) {
    throw new MalformedHand(`contributions without what was returned are ${inPot}, total_pot is ${totalPot}`);
  }
  const paid = totalOf(winners) + rake;
  if (paid !== totalPot) throw new MalformedHand(`winners and rake are ${paid}, total_pot is ${totalPot}`);
}

function idIn(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value === 'string' && ID.test(value)) return value;
  throw new MalformedHand(`${name} must be 1 to 64 letters, digits or ._:@+-, not beginning with @`);
}

function amountIn(object: JsonObject, name: string, min: bigint): bigint {
  const amount = parseAmount(object[name], name);
  if (isRefusal(amount)) throw new MalformedHand(amount.message);
  if (amount < min) throw new MalformedHand(`${name} must be at least ${min}`);
  return amount;
}

function listIn(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  if (Array.isArray(value)) return value.map((member) => objectIn(member, name));
  throw new MalformedHand(`${name} must be a list`);
}

function objectIn(value: unknown, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new MalformedHand(`${what} must be an object`);
}
