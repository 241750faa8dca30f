import { availableBalance, isSystemAccountId, potAccountId, type Account } from '../../src/accounts/index.js';
import type { Inflation, WriteSet } from '../../src/posting/index.js';
import { invariant } from '../../src/result/index.js';
import { inflationOf, netContribution, potTotal } from '../../src/tables/index.js';
import { refText, type LedgerState } from './ledger-state.js';

/** Throws unless what is stored of holds, tables and pots agrees with the accounts. */
export function verifyHoldsAndPots(state: LedgerState): void {
  verifyCurrencies(state);
  for (const account of state.accounts.values()) verifyHolds(account, state);
  verifyPots(state);
}

function verifyCurrencies({ accounts }: LedgerState): void {
  const sums = new Map<string, bigint>();
  for (const { currency, balance } of accounts.values()) {
    sums.set(currency, (sums.get(currency) ?? 0n) + balance);
  }
  for (const [currency, sum] of sums) invariant(sum === 0n, `all of ${currency} sums to ${sum}`);
}

function verifyHolds(account: Account, { reservations }: LedgerState): void {
  const { accountId, held, nextExpiryAtMs, creditLimit } = account;
  const open = [...reservations.values()].filter(
    (one) => one.accountId === accountId && one.bucket === account.bucket && one.status === 'HELD',
  );
  const sum = open.reduce((total, { amount }) => total + amount, 0n);
  invariant(held === sum, `${accountId} holds ${held}, its reservations ${sum}`);
  invariant((nextExpiryAtMs === null) === (held === 0n), `${accountId} has a bound exactly while it holds`);
  const earliest = Math.min(...open.map(({ expiresAtMs }) => expiresAtMs));
  invariant(
    (nextExpiryAtMs ?? 0) <= earliest,
    `${accountId} would expire at ${nextExpiryAtMs} > ${earliest}`,
  );
  invariant(held === 0n || !isSystemAccountId(accountId), `${accountId} holds`);
  invariant(creditLimit === null || availableBalance(account) >= 0n, `${accountId} is overdrawn`);
}

function verifyPots({ pots, accounts }: LedgerState): void {
  const known = new Set<string>();
  for (const pot of pots.values()) {
    const accountId = potAccountId(pot, pot.currency);
    known.add(accountId);
    const balance = accounts.get(refText({ bucket: pot.bucket, accountId }))?.balance;
    const expected = pot.status === 'ACTIVE' ? potTotal(pot) : 0n;
    invariant(balance === expected, `${accountId} has ${balance}, its pot ${expected} (${pot.status})`);
    const isSound = pot.seats.every((seat) => netContribution(seat) >= 0n && seat.won >= 0n);
    invariant(isSound, `${accountId}: no seat got back more than it put in`);
    const paid = pot.seats.reduce((total, { won }) => total + won, pot.rake);
    invariant(paid <= potTotal(pot), `${accountId} paid ${paid} of ${potTotal(pot)}`);
    invariant(pot.status === 'SETTLED' || paid === 0n, `${accountId} paid before it was settled`);
  }
  for (const { accountId, balance } of accounts.values()) {
    if (!accountId.startsWith('@pot/')) continue;
    invariant(known.has(accountId) && balance >= 0n, `${accountId} has a pot and is not below zero`);
  }
}

/** Throws where a step took back what had ended, or left due what it touched. */
export function verifyStep(before: LedgerState, after: LedgerState, nowMs: number): void {
  for (const [key, was] of before.reservations) {
    const is = after.reservations.get(key);
    invariant(is, `reservation ${key} is still there`);
    invariant(was.status === 'HELD' || is === was, `reservation ${key} had ended as ${was.status}`);
    invariant(is.captured <= is.amount && is.amount === was.amount, `reservation ${key} captured too much`);
    const isLate = is.status === 'COMMITTED' && was.status === 'HELD' && was.expiresAtMs <= nowMs;
    invariant(!isLate, `reservation ${key} was committed after its time`);
  }
  for (const [key, was] of before.pots) {
    invariant(
      was.status === 'ACTIVE' || after.pots.get(key) === was,
      `pot ${key} had ended as ${was.status}`,
    );
  }
}

/** Throws when a written account still holds what is due by the clock that the batch was decided by. */
export function verifyNothingDue({ openedAccounts, changedAccounts }: WriteSet, nowMs: number): void {
  for (const account of [...openedAccounts, ...changedAccounts.map((changed) => changed.account)]) {
    const { nextExpiryAtMs, accountId } = account;
    invariant(
      nextExpiryAtMs === null || nextExpiryAtMs > nowMs,
      `${accountId} was touched with something due`,
    );
  }
}

/** Throws unless the marks on tables' transactions sum to what their accounts remember. */
export function verifyInflation(state: LedgerState, marks: readonly Inflation[]): void {
  const tables = [...state.accounts.values()].filter(({ accountId }) => accountId.startsWith('@table/'));
  const remembered = tables.reduce((sum, table) => sum + inflationOf(table), 0n);
  const marked = marks.reduce((sum, { amount }) => sum + amount, 0n);
  invariant(remembered === marked, `${marked} were marked, ${remembered} are remembered`);
  for (const table of tables) {
    const hole = -table.balance;
    invariant(
      hole <= inflationOf(table),
      `${table.accountId} is ${hole} deep, known is ${inflationOf(table)}`,
    );
  }
}
