import type { balanceV1 } from '@steelyard/contracts/grpc';
import { parseAccountId, parseName } from '@steelyard/domain/accounts';
import { parseAmount, parsePositiveAmount } from '@steelyard/domain/money';
import {
  CONTRIBUTION_TYPES,
  type CancelPot,
  type CashOut,
  type Contribute,
  type Payout,
  type PotWinner,
  type ReturnContribution,
  type SetTablePolicy,
  type SettlePot,
  type ShownHand,
} from '@steelyard/domain/posting';
import { isRefusal, refuse, type Refusal } from '@steelyard/domain/result';
import { ESCROW_POLICIES, POT_SEATS_MAX, type PotKey } from '@steelyard/domain/tables';
import { decodeCurrency, decodeDetails } from './decode-parts.js';

const SEAT_ID_MAX = 2_147_483_647;

export function decodeCashOut(wire: balanceV1.CashOut): CashOut | Refusal {
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  const tableId = parseName(wire.tableId, 'tableId');
  if (isRefusal(tableId)) return tableId;
  const amount = parsePositiveAmount(wire.amount, 'amount');
  if (isRefusal(amount)) return amount;
  const seatId = wire.seatId === undefined ? undefined : decodeSeatId(wire.seatId, 'seatId');
  if (isRefusal(seatId)) return seatId;
  const handId = wire.handId === '' ? undefined : parseName(wire.handId, 'handId');
  if (isRefusal(handId)) return handId;
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  const played = { ...(seatId !== undefined && { seatId }), ...(handId !== undefined && { handId }) };
  return { kind: 'cash-out', accountId, tableId, amount, ...played, details };
}

export function decodeContribute(wire: balanceV1.Contribute): Contribute | Refusal {
  const key = decodePotKey(wire);
  if (isRefusal(key)) return key;
  const seatId = decodeSeatId(wire.seatId, 'seatId');
  if (isRefusal(seatId)) return seatId;
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  const amount = parsePositiveAmount(wire.amount, 'amount');
  if (isRefusal(amount)) return amount;
  const type = oneOf(CONTRIBUTION_TYPES, wire.contributionType, 'contributionType');
  if (isRefusal(type)) return type;
  const currency = decodeCurrency(wire);
  if (isRefusal(currency)) return currency;
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  return { kind: 'contribute', ...key, seatId, accountId, amount, type, ...currency, details };
}

export function decodeReturnContribution(wire: balanceV1.ReturnContribution): ReturnContribution | Refusal {
  const key = decodePotKey(wire);
  if (isRefusal(key)) return key;
  const seatId = decodeSeatId(wire.seatId, 'seatId');
  if (isRefusal(seatId)) return seatId;
  const amount = parsePositiveAmount(wire.amount, 'amount');
  if (isRefusal(amount)) return amount;
  const details = decodeDetails(wire.details);
  return isRefusal(details) ? details : { kind: 'return-contribution', ...key, seatId, amount, details };
}

export function decodeSettlePot(wire: balanceV1.SettlePot): SettlePot | Refusal {
  const key = decodePotKey(wire);
  if (isRefusal(key)) return key;
  const payout = decodePayout(wire.payout);
  if (isRefusal(payout)) return payout;
  const rake = wire.rake === undefined ? undefined : decodeNaturalAmount(wire.rake, 'rake');
  if (isRefusal(rake)) return rake;
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  return { kind: 'settle-pot', ...key, payout, ...(rake !== undefined && { rake }), details };
}

export function decodeCancelPot(wire: balanceV1.CancelPot): CancelPot | Refusal {
  const key = decodePotKey(wire);
  if (isRefusal(key)) return key;
  const details = decodeDetails(wire.details);
  return isRefusal(details) ? details : { kind: 'cancel-pot', ...key, details };
}

export function decodeSetTablePolicy(wire: balanceV1.SetTablePolicy): SetTablePolicy | Refusal {
  const tableId = parseName(wire.tableId, 'tableId');
  if (isRefusal(tableId)) return tableId;
  const policy = oneOf(ESCROW_POLICIES, wire.escrowPolicy, 'escrowPolicy');
  if (isRefusal(policy)) return policy;
  const currency = decodeCurrency(wire);
  if (isRefusal(currency)) return currency;
  const details = decodeDetails(wire.details);
  return isRefusal(details) ? details : { kind: 'set-table-policy', tableId, policy, ...currency, details };
}

/** Which hand at which table. Refuses with INVALID_REQUEST. */
export function decodePotKey(wire: { tableId: string; handId: string }): PotKey | Refusal {
  const tableId = parseName(wire.tableId, 'tableId');
  if (isRefusal(tableId)) return tableId;
  const handId = parseName(wire.handId, 'handId');
  return isRefusal(handId) ? handId : { tableId, handId };
}

function decodePayout(wire: balanceV1.SettlePot['payout']): Payout | Refusal {
  switch (wire?.$case) {
    case 'winners': {
      const winners = decodeEach(wire.value.winners, 'winners', decodeWinner);
      return isRefusal(winners) ? winners : { kind: 'winners', winners };
    }
    case 'showdown': {
      const hands = decodeEach(wire.value.hands, 'hands', decodeHand);
      return isRefusal(hands) ? hands : { kind: 'showdown', hands };
    }
    case undefined:
      return refuse('INVALID_REQUEST', 'name the winners, or the hands that were shown', 'winners');
  }
}

function decodeWinner(wire: balanceV1.PotWinner): PotWinner | Refusal {
  const seatId = decodeSeatId(wire.seatId, 'winners.seatId');
  if (isRefusal(seatId)) return seatId;
  const accountId = parseAccountId(wire.accountId, 'winners.accountId');
  if (isRefusal(accountId)) return accountId;
  const amount = decodeNaturalAmount(wire.amount, 'winners.amount');
  return isRefusal(amount) ? amount : { seatId, accountId, amount };
}

function decodeHand({
  seatId: wireSeatId,
  accountId: wireId,
  rank,
}: balanceV1.ShownHand): ShownHand | Refusal {
  const seatId = decodeSeatId(wireSeatId, 'hands.seatId');
  if (isRefusal(seatId)) return seatId;
  const accountId = parseAccountId(wireId, 'hands.accountId');
  if (isRefusal(accountId)) return accountId;
  if (rank >= 1) return { seatId, accountId, rank };
  return refuse('INVALID_REQUEST', 'hands.rank must be a whole number from 1 (the best)', 'hands.rank');
}

/** Every item of a list, or the refusal of the first that is malformed. */
function decodeEach<Wire, Item extends object>(
  wires: readonly Wire[],
  field: string,
  decode: (wire: Wire) => Item | Refusal,
): readonly Item[] | Refusal {
  if (wires.length > POT_SEATS_MAX) {
    return refuse('INVALID_REQUEST', `${field} must have at most ${POT_SEATS_MAX} members`, field);
  }
  const items: Item[] = [];
  for (const wire of wires) {
    const item = decode(wire);
    if (isRefusal(item)) return item;
    items.push(item);
  }
  return items;
}

function decodeSeatId(seatId: number, field: string): number | Refusal {
  if (Number.isInteger(seatId) && seatId >= 0 && seatId <= SEAT_ID_MAX) return seatId;
  return refuse('INVALID_REQUEST', `${field} must be a whole number from 0 to ${SEAT_ID_MAX}`, field);
}

function decodeNaturalAmount(wire: bigint, field: string): bigint | Refusal {
  const amount = parseAmount(wire, field);
  if (isRefusal(amount) || amount >= 0n) return amount;
  return refuse('INVALID_AMOUNT', `${field} must not be negative`, field);
}

function oneOf<Name extends string>(names: readonly Name[], wire: string, field: string): Name | Refusal {
  const name = names.find((known) => known === wire);
  return name ?? refuse('INVALID_REQUEST', `${field} must be one of ${names.join(', ')}`, field);
}
