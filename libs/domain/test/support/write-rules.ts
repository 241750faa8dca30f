import type { WriteSet } from '../../src/posting/index.js';
import { invariant } from '../../src/result/index.js';
import { factText, potRefText, refText, type LedgerState } from './ledger-state.js';

const AMOUNT_MAX = 9_007_199_254_740_991n;

/** Throws where the database would not write: the rules of its tables, and of the function that writes a batch. */
export function refuseUnwritable(writeSet: WriteSet, state: LedgerState): void {
  refuseHeads(writeSet, state);
  refuseAccounts(writeSet, state);
  refuseEntries(writeSet, state);
  refuseKeys(writeSet, state);
  refuseReservations(writeSet, state);
  refusePots(writeSet, state);
}

function refuseHeads({ heads, facts }: WriteSet, state: LedgerState): void {
  for (const { bucket, expected, next } of heads) {
    const stored = state.heads.get(bucket)?.sequence ?? 0n;
    invariant(stored === expected, `head of bucket ${bucket} is ${stored}, not ${expected}`);
    const own = facts.filter((fact) => fact.key.bucket === bucket).map((fact) => fact.key.sequence);
    const gapless = own.every((sequence, i) => sequence === expected + BigInt(i) + 1n);
    invariant(
      gapless && next.sequence === expected + BigInt(own.length),
      `facts of bucket ${bucket} have gaps`,
    );
  }
  const moved = new Set(heads.map(({ bucket }) => bucket));
  invariant(moved.size === heads.length, 'a head moves once a batch');
  for (const { key } of facts) invariant(moved.has(key.bucket), 'a fact is written under a guarded head');
  const sorted = heads.every((head, i) => i === 0 || (heads[i - 1]?.bucket ?? -1) < head.bucket);
  invariant(sorted, 'heads are locked in ascending order');
}

function refuseAccounts({ openedAccounts, changedAccounts }: WriteSet, state: LedgerState): void {
  for (const account of openedAccounts) {
    invariant(!state.accounts.has(refText(account)), `${account.accountId} is opened twice`);
  }
  for (const { account, expectedVersion } of changedAccounts) {
    const stored = state.accounts.get(refText(account))?.version;
    invariant(stored === expectedVersion, `${account.accountId} is at ${stored}, not ${expectedVersion}`);
  }
  for (const account of [...openedAccounts, ...changedAccounts.map((changed) => changed.account)]) {
    const { balance, creditLimit, held, minimumHold, accountId } = account;
    invariant(balance >= -AMOUNT_MAX && balance <= AMOUNT_MAX, `${accountId} left the range`);
    invariant(held >= 0n && held <= AMOUNT_MAX, `${accountId} holds ${held}`);
    invariant(
      creditLimit === null || balance + creditLimit - held - minimumHold >= 0n,
      `${accountId} overdrawn`,
    );
  }
}

function refuseEntries({ entries, facts }: WriteSet, state: LedgerState): void {
  const sums = new Map<string, bigint>();
  for (const { transactionIndex, currency, amount } of entries) {
    const key = `${transactionIndex} ${currency}`;
    sums.set(key, (sums.get(key) ?? 0n) + amount);
    invariant(amount !== 0n, 'an entry moves something');
  }
  for (const [key, sum] of sums) invariant(sum === 0n, `transaction ${key} does not sum to zero`);
  const written = new Set(facts.map(({ key }) => factText(key.bucket, key.sequence)));
  const last = new Map<string, bigint>();
  for (const entry of entries) {
    const ref = refText(entry);
    const before = last.get(ref) ?? state.accounts.get(ref)?.sequence ?? 0n;
    invariant(entry.sequence === before + 1n, `entries of ${ref} have a gap after ${before}`);
    last.set(ref, entry.sequence);
    invariant(
      written.has(factText(entry.bucket, entry.factSequence)),
      'an entry belongs to a fact of the batch',
    );
  }
}

function refuseKeys({ keys }: WriteSet, state: LedgerState): void {
  const seen = new Set<string>();
  for (const { bucket, slot, factSequence, outcomeJson } of keys) {
    const key = `${bucket} ${slot}`;
    invariant(slot.length === 32, 'a key has a slot');
    invariant(!state.keys.has(key) && !seen.has(key), 'a key is decided twice');
    invariant((factSequence === null) !== (outcomeJson === null), 'a key has a fact or an outcome');
    seen.add(key);
  }
}

function refuseReservations({ reservations }: WriteSet, state: LedgerState): void {
  const seen = new Set<string>();
  for (const { reservation, isNew } of reservations) {
    const { bucket, sequence, amount, captured, status, resolvedAtMs, transactionId } = reservation;
    const key = factText(bucket, sequence);
    const stored = state.reservations.get(key);
    invariant(isNew === (stored === undefined), `reservation ${key} is written once`);
    invariant(stored === undefined || stored.status === 'HELD', `reservation ${key} has ended`);
    invariant(amount > 0n && captured >= 0n && captured <= amount, `reservation ${key} captured ${captured}`);
    invariant((status === 'HELD') === (resolvedAtMs === null), `reservation ${key} ends once`);
    invariant((status === 'COMMITTED') === (transactionId !== null), `commit ${key} is by a transaction`);
    invariant(status === 'COMMITTED' || captured === 0n, `only a commit captures, ${key} does not`);
    invariant(!seen.has(key), `reservation ${key} has one row`);
    seen.add(key);
  }
}

function refusePots({ pots }: WriteSet, state: LedgerState): void {
  const seen = new Set<string>();
  for (const { pot, expectedVersion } of pots) {
    const key = potRefText(pot);
    const stored = state.pots.get(key);
    invariant((stored?.version ?? null) === expectedVersion, `pot ${key} is not at ${expectedVersion}`);
    invariant(pot.rake >= 0n && !seen.has(key), `pot ${key} has one row`);
    seen.add(key);
  }
}
