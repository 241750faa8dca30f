import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';
import { SteelyardProtocolError } from '../../answers/index.js';
import type {
  Account,
  Balance,
  Metadata,
  Movement,
  Pot,
  PotOutcome,
  Reservation,
  Table,
  Transaction,
  Transfer,
} from '../../operations/index.js';
import {
  escrowPolicyFrom,
  metadataFrom,
  potStatusFrom,
  reservationStatusFrom,
} from '../../wire-words/index.js';

/** What a transaction did to one account. */
export function movement(wire: moneyV1.Transaction, accountId: string): Movement {
  const entry = entryOf(wire, accountId);
  const { transactionId, type } = wire;
  const { currency, balanceBefore, balanceAfter } = entry;
  const amount = entry.amount < 0n ? -entry.amount : entry.amount;
  const committedAt = instant(wire.committedAtMs);
  return { transactionId, type, accountId, currency, amount, balanceBefore, balanceAfter, committedAt };
}

export function transfer(wire: moneyV1.Transaction, from: string, to: string): Transfer {
  const { transactionId, type, amount, currency } = wire;
  const side = (accountId: string) => {
    const { currency: own, amount: moved, balanceBefore, balanceAfter } = entryOf(wire, accountId);
    return { accountId, currency: own, amount: moved, balanceBefore, balanceAfter };
  };
  return {
    transactionId,
    type,
    amount,
    currency,
    from: side(from),
    to: side(to),
    committedAt: instant(wire.committedAtMs),
  };
}

function entryOf(wire: moneyV1.Transaction, accountId: string): moneyV1.Entry {
  const entry = wire.entries.find((candidate) => candidate.accountId === accountId);
  if (entry) return entry;
  throw new SteelyardProtocolError(`transaction ${wire.transactionId} has no entry of ${accountId}`);
}

export function transaction(wire: moneyV1.Transaction): Transaction {
  const { transactionId, type, amount, currency } = wire;
  const entries = wire.entries.map((entry) => ({
    entryId: entry.entryId,
    accountId: entry.accountId,
    currency: entry.currency,
    amount: entry.amount,
    balanceBefore: entry.balanceBefore,
    balanceAfter: entry.balanceAfter,
  }));
  const metadata = metadataIn(wire.metadataJson);
  return {
    transactionId,
    type,
    amount,
    currency,
    entries,
    metadata,
    committedAt: instant(wire.committedAtMs),
  };
}

export function account(wire: balanceV1.Account): Account {
  return {
    accountId: wire.accountId,
    currency: wire.currency,
    balance: wire.balance,
    held: wire.held,
    availableBalance: wire.availableBalance,
    version: wire.version,
    status: wire.status,
    tier: wire.tier ?? null,
    holderId: wire.holderId ?? null,
    agentId: wire.agentId ?? null,
    creditLimit: wire.creditLimit ?? null,
    minimumHold: wire.minimumHold,
    maxBalance: wire.maxBalance ?? null,
    metadata: metadataIn(wire.metadataJson),
    createdAt: instant(wire.createdAtMs),
    updatedAt: instant(wire.updatedAtMs),
  };
}

export function balance(
  wire: balanceV1.Account,
  { asOfMs, stale }: Pick<balanceV1.GetAccountsResponse, 'asOfMs' | 'stale'>,
): Balance {
  const { accountId, currency, held, availableBalance, version } = wire;
  const asOf = instant(asOfMs);
  return { accountId, balance: wire.balance, availableBalance, held, currency, version, asOf, stale };
}

export function reservation(wire: balanceV1.Reservation): Reservation {
  return {
    reservationId: wire.reservationId,
    accountId: wire.accountId,
    currency: wire.currency,
    status: reservationStatusFrom(wire.status),
    amount: wire.amount,
    captured: wire.captured,
    ...(wire.target?.$case === 'toAccountId' && { to: wire.target.value }),
    ...(wire.target?.$case === 'tableId' && { tableId: wire.target.value }),
    ...(wire.reference !== '' && { reference: wire.reference }),
    metadata: metadataIn(wire.metadataJson),
    createdAt: instant(wire.createdAtMs),
    expiresAt: instant(wire.expiresAtMs),
    ...(wire.resolvedAtMs !== undefined && { resolvedAt: instant(wire.resolvedAtMs) }),
    ...(wire.transactionId !== '' && { transactionId: wire.transactionId }),
    balanceAfter: wire.balanceAfter,
    availableAfter: wire.availableAfter,
  };
}

export function potOutcome(wire: balanceV1.PotOutcome): PotOutcome {
  const { transactionId, status, payouts, tableId, handId, currency, total, seatContribution, rake } = wire;
  return {
    tableId,
    handId,
    currency,
    status: potStatusFrom(status),
    total,
    seatContribution,
    ...(transactionId !== '' && { transactionId }),
    rake,
    payouts: payouts.map((payout) => ({ ...payout })),
  };
}

export function pot(wire: balanceV1.Pot): Pot {
  const { tableId, handId, currency, total, rake } = wire;
  return {
    tableId,
    handId,
    currency,
    status: potStatusFrom(wire.status),
    total,
    rake,
    seats: wire.seats.map((seat) => ({ ...seat })),
    createdAt: instant(wire.createdAtMs),
    updatedAt: instant(wire.updatedAtMs),
  };
}

export function table(wire: balanceV1.Table): Table {
  const { tableId, currency, escrow, inflation } = wire;
  return { tableId, currency, escrow, escrowPolicy: escrowPolicyFrom(wire.escrowPolicy), inflation };
}

function metadataIn(json: string): Metadata {
  return json === '' ? {} : metadataFrom(JSON.parse(json));
}

function instant(ms: bigint): Date {
  return new Date(Number(ms));
}
