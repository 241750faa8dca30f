import {
  EffectiveReads,
  type DatedChain,
  type DatedQuestion,
  type UncoveredEntry,
} from '../../application/effective-time/effective-reads.port.js';
import { ENTRIES_DOWN_FROM, ENTRIES_OF_FACTS, FIND_DATED_CHAINS } from './effective-times.sql.js';
import type { LedgerDatabase } from './ledger-database.js';

interface ChainRow {
  readonly bucket: number;
  readonly currency: string;
  readonly high: bigint;
  readonly covered: bigint;
  readonly committed_sequence: bigint;
  readonly committed_balance: bigint;
  readonly committed_entries: bigint;
  /** Digits: sums of dated entries may pass what int8 holds. */
  readonly committed_amount: string;
  readonly effective_entries: bigint;
  readonly effective_amount: string;
  readonly is_behind: boolean;
  readonly missed_facts: readonly string[];
}

interface UncoveredRow {
  readonly sequence: bigint;
  readonly fact_sequence: bigint;
  readonly amount: bigint;
  readonly data: string | null;
}

/** Balances by the effective clock: sums over dated entries, and what is not in them yet. */
export class EffectiveRepository extends EffectiveReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async findDatedChains(accountId: string, question: DatedQuestion): Promise<readonly DatedChain[]> {
    const { buckets, atMs, windows } = question;
    const { rows } = await this.database.pool.query<ChainRow>({
      ...FIND_DATED_CHAINS,
      values: [
        accountId,
        buckets,
        atMs,
        windows.map(({ level }) => level),
        windows.map(({ low }) => low),
        windows.map(({ high }) => high),
      ],
    });
    return rows.map((row) => ({
      bucket: row.bucket,
      currency: row.currency,
      high: row.high,
      committedSequence: row.committed_sequence,
      committedBalance: row.committed_balance,
      datedCommitted: { amount: BigInt(row.committed_amount), entries: row.committed_entries },
      datedEffective: { amount: BigInt(row.effective_amount), entries: row.effective_entries },
      coveredFact: row.covered,
      isBehind: row.is_behind,
      missedFacts: row.missed_facts.map(BigInt),
    }));
  }

  override async entriesDownFrom(
    accountId: string,
    { bucket, high, limit }: { readonly bucket: number; readonly high: bigint; readonly limit: number },
  ): Promise<readonly UncoveredEntry[]> {
    const values = [accountId, bucket, high, limit];
    const { rows } = await this.database.pool.query<UncoveredRow>({ ...ENTRIES_DOWN_FROM, values });
    return rows.map(uncoveredEntry);
  }

  override async entriesOfFacts(
    accountId: string,
    { bucket, sequences }: { readonly bucket: number; readonly sequences: readonly bigint[] },
  ): Promise<readonly UncoveredEntry[]> {
    const values = [accountId, bucket, sequences];
    const { rows } = await this.database.pool.query<UncoveredRow>({ ...ENTRIES_OF_FACTS, values });
    return rows.map(uncoveredEntry);
  }
}

function uncoveredEntry(row: UncoveredRow): UncoveredEntry {
  const { sequence, fact_sequence: factSequence, amount, data: metadataJson } = row;
  return { sequence, factSequence, amount, metadataJson };
}
