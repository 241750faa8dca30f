import type {
  Command,
  OpenAccount,
  PostToAccount,
  Reverse,
  ReversibleTransaction,
  SetAccountStatus,
  Transfer,
  UpdateAccount,
} from '../../src/posting/index.js';

/** A deposit of `amount` from the world, opening the account if it is absent. */
export function deposit(
  accountId: string,
  amount: bigint,
  changes: Partial<PostToAccount> = {},
): PostToAccount {
  return {
    kind: 'post-to-account',
    accountId,
    amount,
    type: 'DEPOSIT',
    counterpart: 'world',
    opensAccount: true,
    details: {},
    ...changes,
  };
}

/** A withdrawal of `amount` (given as a positive number) to the world. */
export function withdraw(
  accountId: string,
  amount: bigint,
  changes: Partial<PostToAccount> = {},
): PostToAccount {
  return deposit(accountId, -amount, { type: 'WITHDRAW', opensAccount: false, ...changes });
}

/** A transfer of `amount` from the first account to the second. */
export function transfer(
  [fromAccountId, toAccountId]: readonly [string, string],
  amount: bigint,
  changes: Partial<Transfer> = {},
): Transfer {
  const accounts = { fromAccountId, toAccountId };
  return { kind: 'transfer', ...accounts, amount, type: 'TRANSFER', details: {}, ...changes };
}

export function reverse(original: ReversibleTransaction, amount?: bigint): Reverse {
  return amount === undefined
    ? { kind: 'reverse', original, details: {} }
    : { kind: 'reverse', original, amount, details: {} };
}

export function open(accountId: string, changes: Partial<OpenAccount> = {}): OpenAccount {
  const nobody = { tier: null, holderId: null, agentId: null };
  return {
    kind: 'open-account',
    accountId,
    initialBalance: 0n,
    ...nobody,
    limits: {},
    details: {},
    ...changes,
  };
}

export function update(accountId: string, changes: Partial<UpdateAccount> = {}): UpdateAccount {
  return { kind: 'update-account', accountId, limits: {}, details: {}, ...changes };
}

export function setStatus(accountId: string, status: SetAccountStatus['status']): SetAccountStatus {
  return { kind: 'set-account-status', accountId, status, details: {} };
}

/** The id of the transaction that an answer is; fails when it is something else. */
export function transactionIdOfAnswer({ outcome }: { outcome: { kind: string } }): string {
  const { kind, transaction } = outcome as { kind: string; transaction?: { transactionId: string } };
  if (!transaction)
    throw new Error(`expected a transaction, got ${kind}: ${JSON.stringify(outcome, bigintText)}`);
  return transaction.transactionId;
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

export type { Command };
