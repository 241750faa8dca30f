import { accountFromJson } from '@steelyard/domain/accounts';
import type { JsonObject } from '@steelyard/domain/ledger-chain';
import {
  entryIdOf,
  factKind,
  isTransactionType,
  transactionIdOf,
  type AccountOutcome,
  type FactKey,
  type Outcome,
  type PostedEntry,
} from '@steelyard/domain/posting';
import { invariant } from '@steelyard/domain/result';
import { toMs } from './account-row.js';

/** A row of READ_FACTS. */
export interface FactResultRow {
  bucket: number;
  sequence: bigint;
  kind: number;
  committed_at_ms: bigint;
  home_bucket: number | null;
  idempotency_key: string | null;
  data: string;
}

/** A row of READ_ENTRIES_OF_FACTS. */
export interface EntryResultRow {
  home_bucket: number;
  home_sequence: bigint;
  bucket: number;
  ordinal: number;
  account_id: string;
  currency: string;
  amount: bigint;
  balance_after: bigint;
  sequence: bigint;
  checksum: string;
}

/** Key of a fact in a map. */
export function factText(bucket: number, sequence: bigint): string {
  return `${bucket}/${sequence}`;
}

/** The entries by the home fact of their transaction. */
export function groupByFact(rows: readonly EntryResultRow[]): Map<string, EntryResultRow[]> {
  const groups = new Map<string, EntryResultRow[]>();
  for (const row of rows) {
    const key = factText(row.home_bucket, row.home_sequence);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Gives the answer again that a command got when it became this fact. */
export function outcomeOfFact(fact: FactResultRow, entries: readonly EntryResultRow[]): Outcome {
  const kind = factKind(fact.kind);
  invariant(kind, `fact row: unknown kind ${fact.kind}`);
  if (!isTransactionType(kind)) return accountOutcome(fact, kind === 'ACCOUNT_OPENED');
  const key: FactKey = { bucket: fact.bucket, sequence: fact.sequence };
  const committedAtMs = toMs(fact.committed_at_ms);
  const posted = entries.map<PostedEntry>((entry) => ({
    entryId: entryIdOf(key, committedAtMs, entry.ordinal),
    accountId: entry.account_id,
    currency: entry.currency,
    amount: entry.amount,
    balanceAfter: entry.balance_after,
    sequence: entry.sequence,
  }));
  const [first] = posted;
  invariant(first, 'a transaction has entries');
  return {
    kind: 'transaction',
    transaction: {
      transactionId: transactionIdOf(key, committedAtMs),
      type: kind,
      amount: first.amount < 0n ? -first.amount : first.amount,
      currency: first.currency,
      entries: posted,
      idempotencyKey: fact.idempotency_key,
      metadataJson: fact.data,
      committedAtMs,
    },
  };
}

/** The account as the fact left it. A deposit made with the opening is not in the fact, so it is added. */
function accountOutcome(fact: FactResultRow, isCreated: boolean): AccountOutcome {
  const data = JSON.parse(fact.data) as { after: JsonObject; initialBalance?: string };
  const account = accountFromJson(data.after);
  const initialBalance = BigInt(data.initialBalance ?? '0');
  if (initialBalance === 0n) return { kind: 'account', account, isCreated };
  const version = account.version + 1n;
  return {
    kind: 'account',
    account: { ...account, balance: initialBalance, version, sequence: 1n },
    isCreated,
  };
}
