import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Account } from '@steelyard/domain/accounts';
import type { PotOutcome } from '@steelyard/domain/posting';
import { escrowPolicyOf, inflationOf, potTotal, type Pot } from '@steelyard/domain/tables';

/** What a command on a pot came to, for the wire. */
export function encodePotOutcome(outcome: PotOutcome): balanceV1.PotOutcome {
  const { tableId, handId, currency, status, total, seatContribution, rake } = outcome;
  return {
    tableId,
    handId,
    currency,
    status,
    total,
    seatContribution,
    transactionId: outcome.transactionId ?? '',
    rake,
    payouts: outcome.payouts.map((payout) => ({ ...payout })),
  };
}

/** A pot for the wire. */
export function encodePot(pot: Pot): balanceV1.Pot {
  const { tableId, handId, currency, status, rake, seats } = pot;
  return {
    tableId,
    handId,
    currency,
    status,
    total: potTotal(pot),
    rake,
    seats: seats.map((seat) => ({ ...seat })),
    createdAtMs: BigInt(pot.createdAtMs),
    updatedAtMs: BigInt(pot.updatedAtMs),
  };
}

/** A table for the wire, from the account that keeps its chips. */
export function encodeTable(tableId: string, account: Account): balanceV1.Table {
  return {
    tableId,
    currency: account.currency,
    escrow: account.balance,
    escrowPolicy: escrowPolicyOf(account),
    inflation: inflationOf(account),
  };
}
