import {
  accountToJson,
  availableBalance,
  openedAccount,
  refuseOutOfBounds,
  worldAccountId,
  type Account,
} from '../accounts/index.js';
import { canonicalJson, type JsonObject } from '../ledger-chain/index.js';
import { isRefusal, refuse, type Refusal } from '../result/index.js';
import type { OpenAccount, SetAccountStatus, UpdateAccount } from './commands.js';
import type { Details } from './details.js';
import type { Situation } from './decision-context.js';
import type { Plan, PlannedAccountFact, Unchanged } from './plan.js';
import { movementsFrom, systemAccount } from './system-accounts.js';
import type { AccountFactKind } from './transaction-types.js';

/** Opens an account, with its initial balance from the outside world; an existing account is the answer. */
export function decideOpenAccount(command: OpenAccount, situation: Situation): Plan | Unchanged | Refusal {
  const { prepared, books, context } = situation;
  const { accountId, initialBalance, details } = command;
  const existing = books.account({ bucket: prepared.homeBucket, accountId });
  if (existing) return existingUnlessOtherCurrency(existing, command);
  const currency = context.currencies.find(command.currency ?? context.settings.defaultCurrency);
  if (isRefusal(currency)) return currency;
  const { tier, holderId, agentId, limits } = command;
  const metadataJson = canonicalJson(details.metadata ?? {});
  const profile = { bucket: prepared.homeBucket, accountId, currency: currency.code, ...limits };
  const account = openedAccount({ ...profile, tier, holderId, agentId, metadataJson }, context.nowMs);
  // The limits have to hold for the account as it will be: with its initial balance.
  const refusal =
    refuseOutOfBounds(account, initialBalance, false) ??
    refuseLimits({ ...account, balance: initialBalance });
  if (refusal) return refusal;

  const opening = openingFact(account, details, initialBalance);
  if (initialBalance === 0n) return { openedAccounts: [account], facts: [opening], answerIndex: 0 };
  const world = { bucket: account.bucket, accountId: worldAccountId(currency.code) };
  const system = systemAccount(world, currency.code, situation);
  const outOfRange = refuseOutOfBounds(system.account, -initialBalance, true);
  if (outOfRange) return outOfRange;
  return {
    openedAccounts: [account, ...system.opened],
    facts: [opening, { kind: 'DEPOSIT', movements: movementsFrom(account, world, initialBalance) }],
    answerIndex: 0,
  };
}

function existingUnlessOtherCurrency(existing: Account, command: OpenAccount): Unchanged | Refusal {
  if (command.currency === undefined || command.currency === existing.currency) {
    return unchanged(existing);
  }
  const message = `account ${existing.accountId} exists in ${existing.currency}`;
  return refuse('CURRENCY_MISMATCH', message, 'currency');
}

/** Changes limits, ownership or metadata. */
export function decideUpdateAccount(
  command: UpdateAccount,
  situation: Situation,
): Plan | Unchanged | Refusal {
  const before = findOpen(command.accountId, situation);
  if (isRefusal(before)) return before;
  const {
    tier = before.tier,
    holderId = before.holderId,
    agentId = before.agentId,
    metadata,
    limits,
  } = command;
  const metadataJson = metadata ? canonicalJson(metadata) : before.metadataJson;
  const after: Account = { ...before, ...limits, tier, holderId, agentId, metadataJson };
  return (
    refuseLimits(after) ??
    planChange('ACCOUNT_UPDATED', { before, after, details: command.details }, situation)
  );
}

/** Freezes, unfreezes or closes. Closing is for good and takes an empty account. */
export function decideSetAccountStatus(
  command: SetAccountStatus,
  situation: Situation,
): Plan | Unchanged | Refusal {
  const { prepared, books } = situation;
  const { accountId, status, details } = command;
  const before = books.account({ bucket: prepared.homeBucket, accountId });
  if (before?.status === 'closed' && status === 'closed') return unchanged(before);
  const open = findOpen(accountId, situation);
  if (isRefusal(open)) return open;
  if (status === 'closed' && (open.balance !== 0n || open.held !== 0n)) {
    const message = `account ${accountId} still has ${open.balance} and holds ${open.held}; empty it first`;
    return refuse('ACCOUNT_NOT_EMPTY', message, 'accountId');
  }
  const after = { ...open, status };
  return planChange('ACCOUNT_STATUS_CHANGED', { before: open, after, details }, situation);
}

function findOpen(accountId: string, { prepared, books }: Situation): Account | Refusal {
  const account = books.account({ bucket: prepared.homeBucket, accountId });
  if (!account) return refuse('ACCOUNT_NOT_FOUND', `account ${accountId} does not exist`, 'accountId');
  if (account.status !== 'closed') return account;
  return refuse('ACCOUNT_CLOSED', `account ${accountId} is closed for good`, 'accountId');
}

/** Refuses limits that the account's state already breaks: no limit is ever exceeded from the outset. */
function refuseLimits(account: Account): Refusal | undefined {
  if (account.creditLimit !== null && availableBalance(account) < 0n) {
    const message = `${account.balance} - ${account.held} held cannot satisfy this credit limit and minimum hold`;
    return refuse('LIMIT_BELOW_USAGE', message, 'limits');
  }
  if (account.maxBalance !== null && account.balance > account.maxBalance) {
    return refuse('LIMIT_BELOW_USAGE', `the balance is ${account.balance} already`, 'limits.maxBalance');
  }
  return undefined;
}

/** The fact that an account was opened; holds all that its answer consists of. */
export function openingFact(account: Account, details: Details, initialBalance = 0n): PlannedAccountFact {
  const data = {
    after: accountToJson(account),
    initialBalance: initialBalance.toString(),
    ...actorOf(details),
  };
  return { kind: 'ACCOUNT_OPENED', after: account, data };
}

/** The account after a change of more than its balance; nothing when nothing changes. */
export function planChange(
  kind: AccountFactKind,
  { before, after, details }: { before: Account; after: Account; details: Details },
  { context }: Situation,
): Plan | Unchanged {
  const [was, is] = [accountToJson(before), accountToJson(after)];
  if (canonicalJson(was) === canonicalJson(is)) return unchanged(before);
  const changed = { ...after, version: before.version + 1n, updatedAtMs: context.nowMs };
  const data = { before: was, after: accountToJson(changed), ...actorOf(details) };
  return { openedAccounts: [], facts: [{ kind, after: changed, data }], answerIndex: 0 };
}

/** Who did it and why, for facts that move no value. */
export function actorOf({ performedBy, reason }: Details): JsonObject {
  return { performedBy, reason };
}

/** The answer of a command that finds the account as it wants it. */
export function unchanged(account: Account): Unchanged {
  return { kind: 'unchanged', outcome: { kind: 'account', account, isCreated: false } };
}
