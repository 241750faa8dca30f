import type {
  Account,
  Balance,
  Movement,
  OpenedAccount,
  Pot,
  PotOutcome,
  Reservation,
  Table,
  Transaction,
  Transfer,
  TransferSide,
} from '../operations/index.js';
import { escrowPolicyFrom, metadataFrom, potStatusFrom, reservationStatusFrom } from '../wire-words/index.js';
import type { JsonRecord } from './json-record.js';

export function openedAccount(json: JsonRecord): OpenedAccount {
  return {
    accountId: json.text('accountId'),
    balance: json.amount('balance'),
    currency: json.text('currency'),
    created: json.flag('created'),
  };
}

export function movement(json: JsonRecord): Movement {
  return {
    transactionId: json.text('transactionId'),
    type: json.text('type'),
    accountId: json.text('accountId'),
    currency: json.text('currency'),
    amount: json.amount('amount'),
    balanceBefore: json.amount('balanceBefore'),
    balanceAfter: json.amount('balanceAfter'),
    committedAt: json.instant('completedAt'),
  };
}

export function transfer(json: JsonRecord): Transfer {
  return {
    transactionId: json.text('transactionId'),
    type: json.text('type'),
    amount: json.amount('amount'),
    currency: json.text('currency'),
    from: side(json.record('from')),
    to: side(json.record('to')),
    committedAt: json.instant('completedAt'),
  };
}

function side(json: JsonRecord): TransferSide {
  return {
    accountId: json.text('accountId'),
    currency: json.text('currency'),
    amount: json.amount('amount'),
    ...(json.has('balanceBefore') && { balanceBefore: json.amount('balanceBefore') }),
    ...(json.has('balanceAfter') && { balanceAfter: json.amount('balanceAfter') }),
  };
}

export function transaction(json: JsonRecord): Transaction {
  return {
    transactionId: json.text('transactionId'),
    type: json.text('type'),
    amount: json.amount('amount'),
    currency: json.text('currency'),
    entries: json.records('entries').map((entry) => ({ entryId: entry.text('entryId'), ...side(entry) })),
    metadata: metadataFrom(json.raw('metadata')),
    committedAt: json.instant('completedAt'),
  };
}

export function account(json: JsonRecord): Account {
  const limits = json.record('limits');
  return {
    accountId: json.text('accountId'),
    currency: json.text('currency'),
    balance: json.amount('balance'),
    held: json.amount('held'),
    availableBalance: json.amount('availableBalance'),
    version: json.amount('version'),
    status: json.text('status'),
    tier: json.textOrNull('tier'),
    holderId: json.textOrNull('holderId'),
    agentId: json.textOrNull('agentId'),
    creditLimit: limits.amountOrNull('creditLimit'),
    minimumHold: limits.amount('minimumHold'),
    maxBalance: limits.amountOrNull('maxBalance'),
    metadata: metadataFrom(json.raw('metadata')),
    createdAt: json.instant('createdAt'),
    updatedAt: json.instant('updatedAt'),
  };
}

export function balance(json: JsonRecord): Balance {
  return {
    accountId: json.text('accountId'),
    balance: json.amount('balance'),
    availableBalance: json.amount('availableBalance'),
    held: json.amount('held'),
    currency: json.text('currency'),
    version: json.amount('version'),
    asOf: json.instant('asOf'),
    stale: json.has('stale') && json.flag('stale'),
  };
}

export function reservation(json: JsonRecord): Reservation {
  return {
    reservationId: json.text('reservationId'),
    accountId: json.text('accountId'),
    currency: json.text('currency'),
    status: reservationStatusFrom(json.raw('status')),
    amount: json.amount('amount'),
    captured: json.amount('captured'),
    ...(json.has('toAccountId') && { to: json.text('toAccountId') }),
    ...(json.has('tableId') && { tableId: json.text('tableId') }),
    ...(json.has('reference') && { reference: json.text('reference') }),
    metadata: json.has('metadata') ? metadataFrom(json.raw('metadata')) : {},
    createdAt: json.instant('createdAt'),
    expiresAt: json.instant('expiresAt'),
    ...(json.has('resolvedAt') && { resolvedAt: json.instant('resolvedAt') }),
    ...(json.has('transactionId') && { transactionId: json.text('transactionId') }),
    balanceAfter: json.amount('balanceAfter'),
    availableAfter: json.amount('availableBalance'),
  };
}

export function potOutcome(json: JsonRecord): PotOutcome {
  return {
    tableId: json.text('tableId'),
    handId: json.text('handId'),
    currency: json.text('currency'),
    status: potStatusFrom(json.raw('status')),
    total: json.amount('total'),
    seatContribution: json.amount('seatContribution'),
    ...(json.has('transactionId') && { transactionId: json.text('transactionId') }),
    rake: json.amount('rake'),
    payouts: json.records('payouts').map((payout) => ({
      seatId: payout.integer('seatId'),
      accountId: payout.text('accountId'),
      amount: payout.amount('amount'),
      transactionId: payout.text('transactionId'),
      newBalance: payout.amount('newBalance'),
    })),
  };
}

export function pot(json: JsonRecord): Pot {
  return {
    tableId: json.text('tableId'),
    handId: json.text('handId'),
    currency: json.text('currency'),
    status: potStatusFrom(json.raw('status')),
    total: json.amount('total'),
    rake: json.amount('rake'),
    seats: json.records('seats').map((seat) => ({
      seatId: seat.integer('seatId'),
      accountId: seat.text('accountId'),
      contributed: seat.amount('contributed'),
      returned: seat.amount('returned'),
      won: seat.amount('won'),
    })),
    createdAt: json.instant('createdAt'),
    updatedAt: json.instant('updatedAt'),
  };
}

export function table(json: JsonRecord): Table {
  return {
    tableId: json.text('tableId'),
    currency: json.text('currency'),
    escrow: json.amount('escrow'),
    escrowPolicy: escrowPolicyFrom(json.raw('escrowPolicy')),
    inflation: json.amount('inflation'),
  };
}
