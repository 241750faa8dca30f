import {
  factKind,
  outcomeFromJson,
  type AccountRef,
  type FactKey,
  type PotRef,
} from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import type {
  KeyRef,
  LoadedKey,
  LoadedState,
  LoadRequest,
} from '../../application/posting-engine/posting-storage.port.js';
import { toMs } from './account-row.js';
import { plainArray, textArray } from './array-literal.js';
import {
  completingFact,
  factText,
  groupByFact,
  outcomeOfFact,
  type EntryResultRow,
  type FactResultRow,
} from './outcome-reader.js';
import { accountOfLedger, type LedgerAccountRow } from './ledger-account-row.js';
import { query, type Queryable } from './posting-query.js';
import * as sql from './posting.sql.js';
import { potOfRow, type PotRow } from './pot-row.js';
import { reservationOfRow, type ReservationRow } from './reservation-row.js';

// What one batch ends of one account. More at once takes an account with ten thousand holds of one instant.
const DUE_RESERVATIONS_MAX = 10_000;

interface KeyResultRow {
  bucket: number;
  slot: string;
  fingerprint: string;
  fact_sequence: bigint | null;
  outcome: string | null;
}

/**
 * Reads what a batch needs. Rows that do not exist are absent.
 *
 * @param onDrift told of accounts whose stored balance is not the ledger's; decisions are made on the ledger's.
 */
export async function load(
  on: Queryable,
  request: LoadRequest,
  onDrift: (account: AccountRef) => void,
): Promise<LoadedState> {
  const { accounts, reversals, reservations, pots, due } = request;
  return {
    accounts: accounts.length === 0 ? [] : await readAccounts(on, accounts, onDrift),
    reversals: reversals.length === 0 ? [] : await readReversals(on, reversals),
    reservations: reservations.length === 0 ? [] : await readReservations(on, reservations),
    pots: pots.length === 0 ? [] : await readPots(on, pots),
    due: due.length === 0 ? [] : await readDue(on, due, request.nowMs),
  };
}

async function readAccounts(
  on: Queryable,
  refs: readonly AccountRef[],
  onDrift: (account: AccountRef) => void,
): Promise<LoadedState['accounts']> {
  const { rows } = await query<LedgerAccountRow>(on, sql.READ_ACCOUNTS, accountRefArrays(refs));
  return rows.map((row) => accountOfLedger(row, onDrift));
}

async function readReversals(on: Queryable, keys: readonly FactKey[]): Promise<LoadedState['reversals']> {
  type Row = { bucket: number; fact_sequence: bigint; reversed: bigint };
  const { rows } = await query<Row>(on, sql.READ_REVERSALS, factKeyArrays(keys));
  return rows.map((row) => ({ bucket: row.bucket, sequence: row.fact_sequence, reversed: row.reversed }));
}

/** Reservations by the facts that they were held by. */
export async function readReservations(
  on: Queryable,
  keys: readonly FactKey[],
): Promise<LoadedState['reservations']> {
  const { rows } = await query<ReservationRow>(on, sql.READ_RESERVATIONS, factKeyArrays(keys));
  return rows.map(reservationOfRow);
}

async function readPots(on: Queryable, refs: readonly PotRef[]): Promise<LoadedState['pots']> {
  const values = [
    plainArray(refs.map((ref) => ref.bucket)),
    textArray(refs.map((ref) => ref.tableId)),
    textArray(refs.map((ref) => ref.handId)),
  ];
  const { rows } = await query<PotRow>(on, sql.READ_POTS, values);
  return rows.map(potOfRow);
}

async function readDue(
  on: Queryable,
  refs: readonly AccountRef[],
  nowMs: number,
): Promise<LoadedState['due']> {
  type NextRow = { bucket: number; account_id: string; next_expiry_at_ms: bigint | null };
  const distinct = [...new Map(refs.map((ref) => [`${ref.bucket} ${ref.accountId}`, ref])).values()];
  const values = [...accountRefArrays(distinct), nowMs];
  const [due, next] = [
    await query<ReservationRow>(on, sql.READ_DUE_RESERVATIONS, [...values, DUE_RESERVATIONS_MAX]),
    await query<NextRow>(on, sql.READ_NEXT_EXPIRIES, values),
  ];
  const byAccount = Map.groupBy(due.rows.map(reservationOfRow), (one) => `${one.bucket} ${one.accountId}`);
  return next.rows.map(({ bucket, account_id: accountId, next_expiry_at_ms: nextMs }) => {
    const reservations = byAccount.get(`${bucket} ${accountId}`) ?? [];
    // There may be more: the account stays due.
    const isCut = reservations.length >= DUE_RESERVATIONS_MAX;
    const nextExpiryAtMs = isCut ? nowMs : nextMs === null ? null : toMs(nextMs);
    return { bucket, accountId, reservations, nextExpiryAtMs };
  });
}

/** Keys that were decided before, with the answers that were given. */
export async function readKeys(on: Queryable, keys: readonly KeyRef[]): Promise<readonly LoadedKey[]> {
  const values = [plainArray(keys.map((key) => key.bucket)), plainArray(keys.map((key) => key.slot))];
  const { rows } = await query<KeyResultRow>(on, sql.READ_KEYS, values);
  const known: FactKey[] = [];
  for (const { bucket, fact_sequence: sequence } of rows)
    if (sequence !== null) known.push({ bucket, sequence });
  const facts = new Map(
    known.length === 0 ? [] : (await readFacts(on, known)).map((row) => [textOf(row), row]),
  );
  const wanted = [...known, ...[...facts.values()].filter(isOpening).map(completingFact)];
  const entries = groupByFact(wanted.length === 0 ? [] : await readEntries(on, wanted));
  return rows.map((row) => {
    const { bucket, slot, fingerprint } = row;
    if (row.fact_sequence === null) {
      invariant(row.outcome !== null, 'a decided key has a fact or an outcome');
      return { bucket, slot, fingerprint, outcome: outcomeFromJson(row.outcome) };
    }
    const text = factText(bucket, row.fact_sequence);
    const fact = facts.get(text);
    invariant(fact, `fact ${text} of a decided key is missing`);
    const completing = completingFact(fact);
    const outcome = outcomeOfFact(
      fact,
      entries.get(text) ?? [],
      entries.get(factText(completing.bucket, completing.sequence)) ?? [],
    );
    return { bucket, slot, fingerprint, outcome };
  });
}

/** Facts by their keys. */
export async function readFacts(on: Queryable, keys: readonly FactKey[]): Promise<FactResultRow[]> {
  return (await query<FactResultRow>(on, sql.READ_FACTS, factKeyArrays(keys))).rows;
}

/** The entries of transactions, by their home facts. */
export async function readEntries(on: Queryable, keys: readonly FactKey[]): Promise<EntryResultRow[]> {
  // Asked for twice (a request repeated within one batch), a fact would come with each entry twice.
  const distinct = new Map(keys.map((key) => [factText(key.bucket, key.sequence), key]));
  const values = factKeyArrays([...distinct.values()]);
  return (await query<EntryResultRow>(on, sql.READ_ENTRIES_OF_FACTS, values)).rows;
}

function factKeyArrays(keys: readonly FactKey[]): string[] {
  return [plainArray(keys.map((key) => key.bucket)), plainArray(keys.map((key) => key.sequence))];
}

function isOpening(row: FactResultRow): boolean {
  return factKind(row.kind) === 'ACCOUNT_OPENED';
}

function textOf(row: FactResultRow): string {
  return factText(row.bucket, row.sequence);
}

function accountRefArrays(refs: readonly AccountRef[]): string[] {
  return [plainArray(refs.map((ref) => ref.bucket)), textArray(refs.map((ref) => ref.accountId))];
}
