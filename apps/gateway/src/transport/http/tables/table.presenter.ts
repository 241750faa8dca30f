import type { balanceV1 } from '@steelyard/contracts/grpc';
import { isoInstant, type Reply } from '@steelyard/rest/replies';
import type { PotRead } from '../../../application/play-table/read-table.handler.js';

/** A table and its chips. */
export function presentTable({ tableId, currency, escrow, escrowPolicy, inflation }: balanceV1.Table): Reply {
  return { tableId, currency, escrow, escrowPolicy, inflation };
}

/** What a request on a pot came to. */
export function presentPotChange(pot: balanceV1.PotOutcome): Reply {
  const { tableId, handId, currency, status, total, seatContribution, transactionId, rake } = pot;
  return {
    tableId,
    handId,
    currency,
    status,
    total,
    seatContribution,
    transactionId: transactionId === '' ? null : transactionId,
    rake,
    payouts: pot.payouts.map((payout) => ({
      seatId: payout.seatId,
      accountId: payout.accountId,
      amount: payout.amount,
      transactionId: payout.transactionId,
      newBalance: payout.newBalance,
    })),
  };
}

/** The pot of a hand, with its main and side pots when they were asked for. */
export function presentPot({ pot, sidePots }: PotRead): Reply {
  const { tableId, handId, currency, status, total, rake } = pot;
  return {
    tableId,
    handId,
    currency,
    status,
    total,
    rake,
    seats: pot.seats.map(({ seatId, accountId, contributed, returned, won }) => ({
      seatId,
      accountId,
      contributed,
      returned,
      won,
    })),
    pots: sidePots?.map(({ amount, eligibleSeats }) => ({ amount, eligibleSeats })),
    createdAt: isoInstant(pot.createdAtMs),
    updatedAt: isoInstant(pot.updatedAtMs),
  };
}
