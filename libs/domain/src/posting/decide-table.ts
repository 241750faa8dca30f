import { refuseClosed, refuseOutOfBounds, tableAccountId } from '../accounts/index.js';
import { isRefusal, refuse, type Refusal } from '../result/index.js';
import { openedTable, withEscrowPolicy } from '../tables/index.js';
import { openingFact, planChange } from './decide-account.js';
import type { Situation } from './decision-context.js';
import type { Plan, PlannedTransaction, Unchanged } from './plan.js';
import { accountRef } from './required-accounts.js';
import { movementsFrom, tableAccount } from './system-accounts.js';
import type { CashOut, SetTablePolicy } from './table-commands.js';
import { takeFromTable, type EscrowGrant } from './table-escrow.js';

/** table -> account. A frozen account gets what is its own; only a closed one cannot. */
export function decideCashOut(command: CashOut, situation: Situation): Plan | Refusal {
  const { prepared, books, context } = situation;
  const { accountId, tableId, amount } = command;
  const account = books.account(accountRef(accountId, context.settings));
  if (!account) return refuse('ACCOUNT_NOT_FOUND', `account ${accountId} does not exist`, 'accountId');
  const refusal = refuseClosed(account, 'accountId') ?? refuseOutOfBounds(account, amount, true);
  if (refusal) return refusal;
  const { currency } = account;
  const ref = { bucket: prepared.homeBucket, accountId: tableAccountId(tableId, currency) };
  const table = tableAccount(ref, { tableId, currency }, situation);
  const grant = takeFromTable(table.account, amount);
  if (isRefusal(grant)) return grant;
  const [toAccount, fromTable] = movementsFrom(account, ref, amount);
  const cashOut: PlannedTransaction = {
    kind: 'CASH_OUT',
    movements: [toAccount, { ...fromTable, ...metadataOf(grant) }],
    ...marksOf(grant),
  };
  return { openedAccounts: table.opened, facts: [cashOut], answerIndex: 0 };
}

/** Strict or observe; a table that is not used yet comes into being. */
export function decideTablePolicy(command: SetTablePolicy, situation: Situation): Plan | Unchanged | Refusal {
  const { prepared, books, context } = situation;
  const { tableId, policy, details } = command;
  const currency = context.currencies.find(command.currency ?? context.settings.defaultCurrency);
  if (isRefusal(currency)) return currency;
  const place = { bucket: prepared.homeBucket, tableId, currency: currency.code };
  const accountId = tableAccountId(tableId, currency.code);
  const before = books.account({ bucket: place.bucket, accountId });
  if (!before) {
    const opened = openedTable(place, policy, context.nowMs);
    return { openedAccounts: [opened], facts: [openingFact(opened, details)], answerIndex: 0 };
  }
  if (policy === 'strict' && before.balance < 0n) {
    const message = `the table is ${-before.balance} below zero; bring that in before it can be strict`;
    return refuse('LIMIT_BELOW_USAGE', message, 'escrowPolicy');
  }
  const after = withEscrowPolicy(before, policy);
  return planChange('ACCOUNT_UPDATED', { before, after, details }, situation);
}

/** What a transaction says of chips that it brought into being. */
export function marksOf({ inflation }: EscrowGrant): Pick<PlannedTransaction, 'inflation' | 'extraMetadata'> {
  return inflation === 0n ? {} : { inflation, extraMetadata: { inflation: inflation.toString() } };
}

/** What the table's account remembers of it. */
export function metadataOf({ metadataJson }: EscrowGrant): { readonly metadataJson?: string } {
  return metadataJson === undefined ? {} : { metadataJson };
}
