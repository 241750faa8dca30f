import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';
import { availableOf } from './model-rules.js';
import type { ModelAccount, ModelAnswer, ModelTransaction } from './model.types.js';

/** An answer as plain text members, the same from the model and from the platform. */
export type Comparable = Readonly<Record<string, unknown>>;

/** What the platform answered, as far as the model can know it: no ids, times and checksums. */
export function comparableOutcome({ replayed, result }: balanceV1.Outcome): Comparable {
  switch (result?.$case) {
    case 'refusal':
      return { kind: 'refusal', replayed, code: result.value.code, field: result.value.field };
    case 'account':
      return {
        kind: 'account',
        replayed,
        created: result.value.created,
        account: result.value.account && wireAccountText(result.value.account),
      };
    case 'transaction':
      return { kind: 'transaction', replayed, ...wireTransaction(result.value) };
    case 'reservation':
      return {
        kind: 'reservation',
        replayed,
        state: wireReservationText(result.value),
        isCommitted: result.value.transactionId !== '',
      };
    case 'pot':
      return { kind: 'pot', replayed, ...wirePot(result.value) };
    case undefined:
      return { kind: 'nothing' };
  }
}

/** What the model answered. */
export function comparableAnswer(answer: ModelAnswer): Comparable {
  const { kind, replayed } = answer;
  switch (answer.kind) {
    case 'transaction':
      return { kind, replayed, ...modelTransaction(answer.transaction) };
    case 'reservation':
      return { kind, replayed, state: answer.state, isCommitted: answer.transaction !== undefined };
    case 'pot': {
      const { state, payouts, transactions } = answer;
      return { kind, replayed, state, payouts, isOneTransaction: transactions.length === 1 };
    }
    default:
      return { ...answer };
  }
}

/** A reservation on the platform's side, of an answer or of a read. */
export function wireReservationText(reservation: balanceV1.Reservation): Readonly<Record<string, string>> {
  const { accountId, currency, status, target, reference, metadataJson: metadata } = reservation;
  const { amount, captured, createdAtMs, expiresAtMs, resolvedAtMs } = reservation;
  const { balanceAfter, availableAfter } = reservation;
  const kinds = { toAccountId: 'account', tableId: 'table' };
  const to = target ? `${kinds[target.$case]} ${target.value}` : 'world ';
  const times = { createdAt: createdAtMs, expiresAt: expiresAtMs, resolvedAt: resolvedAtMs };
  const after = status === 'EXPIRED' ? {} : { balanceAfter, availableAfter };
  const texts = { accountId, currency, status, target: to, reference, metadata, amount, captured };
  return asTexts({ ...texts, ...times, ...after });
}

function wirePot(pot: balanceV1.PotOutcome): Comparable {
  const { tableId, handId, currency, status, total, rake, seatContribution } = pot;
  const state = asTexts({ tableId, handId, currency, status, total, rake, seatContribution });
  const payouts = pot.payouts.map(({ seatId, accountId, amount, newBalance }) => [
    ...[`${seatId}`, accountId, `${amount}`, `${newBalance}`],
  ]);
  return { state, payouts, isOneTransaction: pot.transactionId !== '' };
}

function wireTransaction(transaction: moneyV1.Transaction): Comparable {
  const { type, status, amount, currency, idempotencyKey, metadataJson } = transaction;
  const entries = transaction.entries.map((entry) => [
    entry.accountId,
    entry.currency,
    ...[entry.amount, entry.balanceBefore, entry.balanceAfter, entry.sequence].map(String),
  ]);
  return { type, status, amount: `${amount}`, currency, idempotencyKey, metadata: metadataJson, entries };
}

function modelTransaction(transaction: ModelTransaction): Comparable {
  const { type, amount, currency, idempotencyKey, metadata } = transaction;
  const entries = transaction.entries.map((entry) => [
    entry.accountId,
    entry.currency,
    ...[entry.amount, entry.balanceBefore, entry.balanceAfter, entry.sequence].map(String),
  ]);
  return { type, status: 'COMPLETED', amount: `${amount}`, currency, idempotencyKey, metadata, entries };
}

/** The state of an account on the model's side. */
export function accountText(account: ModelAccount): Readonly<Record<string, string>> {
  const { balance, held, creditLimit, minimumHold } = account;
  const { accountId, currency, status, tier, holderId, agentId, metadata } = account;
  const texts = { accountId, currency, status, tier, holderId, agentId, metadata };
  const amounts = {
    balance,
    held,
    available: availableOf(account),
    version: account.version,
    sequence: account.sequence,
    creditLimit,
    minimumHold,
    maxBalance: account.maxBalance,
    warningThreshold: account.warningThreshold,
    criticalThreshold: account.criticalThreshold,
  };
  return { ...texts, ...asTexts(amounts) };
}

/** The state of an account on the platform's side. */
export function wireAccountText(account: balanceV1.Account): Readonly<Record<string, string>> {
  const { accountId, currency, status, metadataJson: metadata } = account;
  const { tier = '', holderId = '', agentId = '' } = account;
  const texts = { accountId, currency, status, tier, holderId, agentId, metadata };
  const amounts = {
    balance: account.balance,
    held: account.held,
    available: account.availableBalance,
    version: account.version,
    sequence: account.sequence,
    creditLimit: account.creditLimit ?? null,
    minimumHold: account.minimumHold,
    maxBalance: account.maxBalance ?? null,
    warningThreshold: account.warningThreshold ?? null,
    criticalThreshold: account.criticalThreshold ?? null,
  };
  return { ...texts, ...asTexts(amounts) };
}

function asTexts(
  amounts: Readonly<Record<string, string | bigint | null | undefined>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, `${amount}`]));
}
