import type { balanceV1, moneyV1 } from '@steelyard/contracts/grpc';
import { AMOUNT_MAX, type ModelAccount, type ModelAnswer, type ModelTransaction } from './model.types.js';

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
    case undefined:
      return { kind: 'nothing' };
  }
}

/** What the model answered. */
export function comparableAnswer(answer: ModelAnswer): Comparable {
  if (answer.kind !== 'transaction') return { ...answer };
  const { replayed, transaction } = answer;
  return { kind: 'transaction', replayed, ...modelTransaction(transaction) };
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
  const { balance, creditLimit, minimumHold } = account;
  const available = creditLimit === null ? AMOUNT_MAX : balance + creditLimit - minimumHold;
  const { accountId, currency, status, tier, holderId, agentId, metadata } = account;
  const texts = { accountId, currency, status, tier, holderId, agentId, metadata };
  const amounts = {
    balance,
    held: 0n,
    available,
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

function asTexts(amounts: Readonly<Record<string, bigint | null>>): Record<string, string> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, `${amount}`]));
}
