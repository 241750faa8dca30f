import { openedAccount, refuseOutOfBounds, refuseUnlessActive, type Account } from '../accounts/index.js';
import { isRefusal, refuse, type Refusal } from '../result/index.js';
import { openingFact } from './decide-account.js';
import type { PostToAccount } from './commands.js';
import type { DecisionContext, Situation } from './decision-context.js';
import type { Movement, Plan, PlannedFact } from './plan.js';
import type { PreparedCommand } from './prepared-command.js';
import { counterpartIdOf } from './required-accounts.js';
import { movementsFrom, systemAccount } from './system-accounts.js';
import { ignoresCeiling } from './transaction-types.js';

/** Deposit, withdrawal or signed change: account <-> a system account of the same bucket. */
export function decidePosting(command: PostToAccount, situation: Situation): Plan | Refusal {
  const { prepared, books, context } = situation;
  const existing = books.account({ bucket: prepared.homeBucket, accountId: command.accountId });
  const account = existing ?? openForPosting(command, prepared, context);
  if (isRefusal(account)) return account;
  const refusal = refusePosting(account, command);
  if (refusal) return refusal;

  const counterpart = { bucket: account.bucket, accountId: counterpartIdOf(command, account.currency) };
  const system = systemAccount(counterpart, account.currency, situation);
  const movements: Movement[] = movementsFrom(account, counterpart, command.amount);
  const outOfRange = refuseOutOfBounds(system.account, -command.amount, true);
  if (outOfRange) return outOfRange;

  const facts: PlannedFact[] = existing ? [] : [openingFact(account, command.details)];
  facts.push({ kind: command.type, movements });
  return {
    openedAccounts: [...(existing ? [] : [account]), ...system.opened],
    facts,
    answerIndex: facts.length - 1,
  };
}

function openForPosting(
  command: PostToAccount,
  prepared: PreparedCommand,
  context: DecisionContext,
): Account | Refusal {
  const { accountId } = command;
  if (!command.opensAccount) {
    return refuse('ACCOUNT_NOT_FOUND', `account ${accountId} does not exist`, 'accountId');
  }
  const currency = context.currencies.find(command.currency ?? context.settings.defaultCurrency);
  if (isRefusal(currency)) return currency;
  return openedAccount({ bucket: prepared.homeBucket, accountId, currency: currency.code }, context.nowMs);
}

function refusePosting(account: Account, command: PostToAccount): Refusal | undefined {
  const { currency, amount, type } = command;
  if (currency !== undefined && currency !== account.currency) {
    const message = `account ${account.accountId} is in ${account.currency}, not in ${currency}`;
    return refuse('CURRENCY_MISMATCH', message, 'currency');
  }
  return refuseUnlessActive(account, 'accountId') ?? refuseOutOfBounds(account, amount, ignoresCeiling(type));
}
