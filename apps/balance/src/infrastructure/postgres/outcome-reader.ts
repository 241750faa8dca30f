import { accountFromJson, type Account } from '@steelyard/domain/accounts';
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

/** The fact that completes a command's answer: the deposit made with an opening comes right after it. */
export function completingFact({ bucket, sequence }: FactKey): FactKey {
  return { bucket, sequence: sequence + 1n };
}

/**
 * Gives the answer again that a command got when it became this fact.
 *
 * @param completing entries of {@link completingFact}.
 */
export function outcomeOfFact(
  fact: FactResultRow,
  entries: readonly EntryResultRow[],
  completing: readonly EntryResultRow[],
): Outcome {
  const kind = factKind(fact.kind);
  invariant(kind, `fact row: unknown kind ${fact.kind}`);
  if (kind === 'ACCOUNT_OPENED') return openingOutcome(fact, completing);
  if (!isTransactionType(kind)) return { kind: 'account', account: accountAfter(fact), isCreated: false };
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

/** The account as it was opened, and as the deposit left it that was made with the opening. */
function openingOutcome(fact: FactResultRow, completing: readonly EntryResultRow[]): AccountOutcome {
  const account = accountAfter(fact);
  const data = JSON.parse(fact.data) as { initialBalance?: string };
  if (BigInt(data.initialBalance ?? '0') === 0n) return { kind: 'account', account, isCreated: true };
  const first = completing.find((entry) => entry.account_id === account.accountId);
  invariant(first?.sequence === 1n, 'an opening with a balance is followed by its deposit');
  const { balance_after: balance, sequence, checksum } = first;
  const moved = { balance, sequence, checksum, version: account.version + 1n };
  return {
    kind: 'account',
    account: { ...account, ...moved, updatedAtMs: toMs(fact.committed_at_ms) },
    isCreated: true,
  };
}

/** The account as the fact left it. */
function accountAfter(fact: FactResultRow): Account {
  const data = JSON.parse(fact.data) as { after: JsonObject };
  return accountFromJson(data.after);
}
