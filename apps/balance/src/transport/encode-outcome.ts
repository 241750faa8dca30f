import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';
import { availableBalance, type Account } from '@steelyard/domain/accounts';
import type { Answer, PostedTransaction } from '@steelyard/domain/posting';
import { encodeReservation } from './encode-reservation.js';
import { encodePotOutcome } from './encode-table.js';

/** An answer for the wire. */
export function encodeOutcome({ outcome, isReplayed: replayed }: Answer): balanceV1.Outcome {
  switch (outcome.kind) {
    case 'transaction':
      return { replayed, result: { $case: 'transaction', value: encodeTransaction(outcome.transaction) } };
    case 'account': {
      const { account, isCreated: created } = outcome;
      return { replayed, result: { $case: 'account', value: { account: encodeAccount(account), created } } };
    }
    case 'reservation': {
      const value = encodeReservation(outcome.reservation);
      return { replayed, result: { $case: 'reservation', value } };
    }
    case 'pot':
      return { replayed, result: { $case: 'pot', value: encodePotOutcome(outcome) } };
    case 'refusal': {
      const { code, message, field = '' } = outcome;
      return { replayed, result: { $case: 'refusal', value: { code, message, field } } };
    }
  }
}

function encodeTransaction(transaction: PostedTransaction): moneyV1.Transaction {
  return {
    transactionId: transaction.transactionId,
    type: transaction.type,
    status: 'COMPLETED',
    amount: transaction.amount,
    currency: transaction.currency,
    entries: transaction.entries.map((entry) => ({
      ...entry,
      balanceBefore: entry.balanceAfter - entry.amount,
    })),
    idempotencyKey: transaction.idempotencyKey ?? '',
    metadataJson: transaction.metadataJson,
    committedAtMs: BigInt(transaction.committedAtMs),
  };
}

/** An account for the wire. */
export function encodeAccount(account: Account): balanceV1.Account {
  return {
    accountId: account.accountId,
    currency: account.currency,
    balance: account.balance,
    held: account.held,
    availableBalance: availableBalance(account),
    version: account.version,
    sequence: account.sequence,
    latestChecksum: account.checksum,
    status: account.status,
    tier: account.tier ?? undefined,
    holderId: account.holderId ?? undefined,
    agentId: account.agentId ?? undefined,
    creditLimit: account.creditLimit ?? undefined,
    minimumHold: account.minimumHold,
    maxBalance: account.maxBalance ?? undefined,
    warningThreshold: account.warningThreshold ?? undefined,
    criticalThreshold: account.criticalThreshold ?? undefined,
    metadataJson: account.metadataJson,
    createdAtMs: BigInt(account.createdAtMs),
    updatedAtMs: BigInt(account.updatedAtMs),
  };
}
