import {
  entryIdOf,
  factKind,
  isTransactionType,
  transactionIdOf,
  type FactKey,
} from '@steelyard/domain/posting';
import {
  TransactionReads,
  type LedgerTransaction,
  type TransactionEntry,
} from '../../application/get-transaction/transaction-reads.port.js';
import { toMs } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { FIND_TRANSACTIONS } from './listing.sql.js';

interface TransactionRow {
  /** Which of the asked home keys, from 1. */
  readonly place: number;
  readonly kind: number;
  readonly committed_at_ms: bigint;
  readonly idempotency_key: string | null;
  readonly data: string;
  readonly account_id: string;
  readonly currency: string | null;
  readonly amount: bigint;
  readonly balance_after: bigint;
  readonly sequence: bigint;
  readonly ordinal: number;
}

export class TransactionRepository extends TransactionReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async findTransactions(
    homes: readonly FactKey[],
  ): Promise<readonly (LedgerTransaction | undefined)[]> {
    if (homes.length === 0) return [];
    const { rows } = await this.database.pool.query<TransactionRow>({
      ...FIND_TRANSACTIONS,
      values: [homes.map(({ bucket }) => bucket), homes.map(({ sequence }) => sequence)],
    });
    const byHome: TransactionRow[][] = homes.map(() => []);
    for (const row of rows) byHome[row.place - 1]?.push(row);
    return homes.map((home, index) => transactionOf(home, byHome[index] ?? []));
  }
}

function transactionOf(home: FactKey, rows: readonly TransactionRow[]): LedgerTransaction | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  const type = factKind(first.kind);
  if (type === undefined || !isTransactionType(type)) return undefined;
  return {
    transactionId: transactionIdOf(home, toMs(first.committed_at_ms)),
    type,
    status: 'COMPLETED',
    amount: first.amount < 0n ? -first.amount : first.amount,
    currency: first.currency ?? '',
    entries: rows.map((row) => entryOf(home, row)),
    idempotencyKey: first.idempotency_key ?? '',
    metadataJson: first.data,
    committedAtMs: first.committed_at_ms,
  };
}

function entryOf(home: FactKey, row: TransactionRow): TransactionEntry {
  return {
    entryId: entryIdOf(home, toMs(row.committed_at_ms), row.ordinal),
    accountId: row.account_id,
    // Empty when the account's row is missing, which only verification can explain.
    currency: row.currency ?? '',
    amount: row.amount,
    balanceBefore: row.balance_after - row.amount,
    balanceAfter: row.balance_after,
    sequence: row.sequence,
  };
}
