import { fxAccountId, refuseOutOfBounds, refuseUnlessActive, type Account } from '../accounts/index.js';
import { convert, parseRate } from '../money/index.js';
import { isRefusal, refuse, type Refusal } from '../result/index.js';
import type { Transfer } from './commands.js';
import type { DecisionContext, Situation } from './decision-context.js';
import type { Plan } from './plan.js';
import { movementsFrom, systemAccount } from './system-accounts.js';
import { ignoresCeiling } from './transaction-types.js';

interface Accounts {
  readonly from: Account;
  readonly to: Account;
}

/** Account -> account; by a conversion through @fx when their currencies differ. */
export function decideTransfer(command: Transfer, situation: Situation): Plan | Refusal {
  const { prepared, books } = situation;
  const { fromAccountId, toAccountId, amount } = command;
  const toBucket = prepared.buckets.at(-1) ?? prepared.homeBucket;
  const from = books.account({ bucket: prepared.homeBucket, accountId: fromAccountId });
  if (!from) return refuse('ACCOUNT_NOT_FOUND', `account ${fromAccountId} does not exist`, 'from');
  const to = books.account({ bucket: toBucket, accountId: toAccountId });
  if (!to) return refuse('ACCOUNT_NOT_FOUND', `account ${toAccountId} does not exist`, 'to');
  const refusal =
    refuseUnlessActive(from, 'from') ??
    refuseUnlessActive(to, 'to') ??
    refuseOutOfBounds(from, -amount, ignoresCeiling(command.type));
  if (refusal) return refusal;
  return from.currency === to.currency
    ? transferWithinCurrency(command, from, to)
    : convertThroughFx(command, { from, to }, situation);
}

function transferWithinCurrency(command: Transfer, from: Account, to: Account): Plan | Refusal {
  if (command.rate !== undefined) {
    return refuse('RATE_NOT_APPLICABLE', `both accounts are in ${from.currency}; leave rate out`, 'rate');
  }
  if (command.type === 'CONVERSION') {
    return refuse('INVALID_REQUEST', 'a CONVERSION needs accounts in two currencies', 'type');
  }
  const refusal = refuseOutOfBounds(to, command.amount, ignoresCeiling(command.type));
  if (refusal) return refusal;
  const movements = movementsFrom(from, to, -command.amount);
  return { openedAccounts: [], facts: [{ kind: command.type, movements }], answerIndex: 0 };
}

function convertThroughFx(command: Transfer, { from, to }: Accounts, situation: Situation): Plan | Refusal {
  const converted = convertedAmount(command, { from, to }, situation.context);
  if (isRefusal(converted)) return converted;
  const fxIn = { bucket: from.bucket, accountId: fxAccountId(from.currency) };
  const fxOut = { bucket: to.bucket, accountId: fxAccountId(to.currency) };
  const received = systemAccount(fxIn, from.currency, situation);
  const handedOut = systemAccount(fxOut, to.currency, situation);
  const refusal =
    refuseOutOfBounds(to, converted, false) ??
    refuseOutOfBounds(received.account, command.amount, true) ??
    refuseOutOfBounds(handedOut.account, -converted, true);
  if (refusal) return refusal;
  return {
    openedAccounts: [...received.opened, ...handedOut.opened],
    facts: [
      {
        kind: 'CONVERSION',
        movements: [...movementsFrom(from, fxIn, -command.amount), ...movementsFrom(to, fxOut, converted)],
      },
    ],
    answerIndex: 0,
  };
}

function convertedAmount(
  command: Transfer,
  { from, to }: Accounts,
  context: DecisionContext,
): bigint | Refusal {
  if (command.rate === undefined) {
    const message = `the accounts are in ${from.currency} and ${to.currency}; a rate is required`;
    return refuse('RATE_REQUIRED', message, 'rate');
  }
  const rate = parseRate(command.rate);
  if (isRefusal(rate)) return rate;
  const source = context.currencies.find(from.currency);
  if (isRefusal(source)) return source;
  const target = context.currencies.find(to.currency);
  if (isRefusal(target)) return target;
  return convert(command.amount, { from: source, to: target, rate });
}
