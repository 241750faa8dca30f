import { HASH_VERSION } from '@steelyard/domain/ledger-chain';
import { factNumber, type ChangedAccount, type FactRow, type WriteSet } from '@steelyard/domain/posting';
import { accountRowsJson, changedRowsJson, checksumHex } from './account-row.js';
import { potRowsJson } from './pot-row.js';
import { reservationRowsJson } from './reservation-row.js';
import { byteaArray, plainArray, textArray } from './array-literal.js';

/** The arguments of balance.write_batch_2, in its order. */
export function writeBatchValues(writeSet: WriteSet, keyExpiresAtMs: number): unknown[] {
  return [
    ...headValues(writeSet),
    accountRowsJson(writeSet.openedAccounts),
    changedRowsJson(writeSet.changedAccounts.filter((changed) => changed.isProfileChanged)),
    ...accountValues(writeSet.changedAccounts.filter((changed) => !changed.isProfileChanged)),
    ...factValues(writeSet.facts),
    ...entryValues(writeSet),
    ...keyValues(writeSet),
    keyExpiresAtMs,
    ...reversalValues(writeSet),
    ...reservationValues(writeSet),
    ...potValues(writeSet),
  ];
}

function headValues({ heads }: WriteSet): unknown[] {
  return [
    plainArray(heads.map((head) => head.bucket)),
    plainArray(heads.map((head) => head.expected)),
    plainArray(heads.map((head) => head.expectedWriteId)),
    plainArray(heads.map((head) => head.next.sequence)),
    plainArray(heads.map((head) => head.next.committedAtMs)),
    plainArray(heads.map((head) => head.next.writeId)),
  ];
}

function accountValues(changedAccounts: readonly ChangedAccount[]): unknown[] {
  return [
    plainArray(changedAccounts.map(({ account }) => account.bucket)),
    textArray(changedAccounts.map(({ account }) => account.accountId)),
    plainArray(changedAccounts.map(({ expectedVersion }) => expectedVersion)),
    plainArray(changedAccounts.map(({ account }) => account.version)),
    plainArray(changedAccounts.map(({ account }) => account.balance)),
    plainArray(changedAccounts.map(({ account }) => account.held)),
    plainArray(changedAccounts.map(({ account }) => account.nextExpiryAtMs)),
    plainArray(changedAccounts.map(({ account }) => account.sequence)),
    byteaArray(changedAccounts.map(({ account }) => checksumHex(account))),
    plainArray(changedAccounts.map(({ account }) => account.updatedAtMs)),
  ];
}

function factValues(facts: readonly FactRow[]): unknown[] {
  return [
    plainArray(facts.map((fact) => fact.key.bucket)),
    plainArray(facts.map((fact) => fact.key.sequence)),
    plainArray(facts.map((fact) => factNumber(fact.kind))),
    plainArray(facts.map((fact) => fact.committedAtMs)),
    plainArray(facts.map((fact) => fact.home?.bucket ?? null)),
    plainArray(facts.map((fact) => fact.home?.sequence ?? null)),
    textArray(
      facts.map(({ legs }) => (legs.length === 0 ? null : plainArray(legs.map((leg) => leg.bucket)))),
    ),
    textArray(
      facts.map(({ legs }) => (legs.length === 0 ? null : plainArray(legs.map((leg) => leg.sequence)))),
    ),
    textArray(facts.map((fact) => fact.idempotencyKey)),
    textArray(facts.map((fact) => fact.dataJson)),
  ];
}

function entryValues({ entries }: WriteSet): unknown[] {
  return [
    plainArray(entries.map((entry) => entry.bucket)),
    textArray(entries.map((entry) => entry.accountId)),
    plainArray(entries.map((entry) => entry.sequence)),
    plainArray(entries.map((entry) => entry.amount)),
    plainArray(entries.map((entry) => entry.balanceAfter)),
    plainArray(entries.map((entry) => entry.factSequence)),
    plainArray(entries.map((entry) => entry.ordinal)),
    byteaArray(entries.map((entry) => entry.checksum)),
    plainArray(entries.map((entry) => entry.transactionIndex)),
    plainArray(entries.map((entry) => entry.currency)),
    HASH_VERSION,
  ];
}

function keyValues({ keys }: WriteSet): unknown[] {
  return [
    plainArray(keys.map((key) => key.bucket)),
    plainArray(keys.map((key) => key.slot)),
    byteaArray(keys.map((key) => key.fingerprint)),
    plainArray(keys.map((key) => key.factSequence)),
    textArray(keys.map((key) => key.outcomeJson)),
  ];
}

function reversalValues({ reversals }: WriteSet): unknown[] {
  return [
    plainArray(reversals.map((row) => row.bucket)),
    plainArray(reversals.map((row) => row.factSequence)),
    plainArray(reversals.map((row) => row.reversed)),
  ];
}

function reservationValues({ reservations }: WriteSet): unknown[] {
  const begun = reservations.filter(({ isNew }) => isNew);
  const changed = reservations.filter(({ isNew }) => !isNew);
  return [begun, changed].map((rows) => reservationRowsJson(rows.map(({ reservation }) => reservation)));
}

function potValues({ pots }: WriteSet): unknown[] {
  const opened = pots.filter(({ expectedVersion }) => expectedVersion === null);
  const changed = pots.filter(({ expectedVersion }) => expectedVersion !== null);
  return [
    ...[opened, changed].map((rows) => potRowsJson(rows.map(({ pot }) => pot))),
    plainArray(changed.map(({ expectedVersion }) => expectedVersion)),
  ];
}
