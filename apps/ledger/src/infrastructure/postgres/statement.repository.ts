import { GENESIS } from '@steelyard/domain/ledger-chain';
import { invariant } from '@steelyard/domain/result';
import type { LedgerEntry } from '../../application/list-entries/entry-reads.port.js';
import {
  StatementReads,
  type ChainStretch,
  type StatementBoundary,
} from '../../application/get-statement/statement-reads.port.js';
import type { LedgerDatabase } from './ledger-database.js';
import { placedEntry, type EntryRow } from './listing.repository.js';
import { FIND_BOUNDARIES, OLDEST_ENTRIES, SUM_OF_CREDITS } from './statements.sql.js';

interface BoundaryRow {
  readonly sequence: bigint;
  readonly balance_after: bigint;
  readonly checksum: string;
}

/** Stretches of chains for statements. */
export class StatementRepository extends StatementReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async oldestEntries(stretch: ChainStretch, limit: number): Promise<readonly LedgerEntry[]> {
    const values = [...stretchValues(stretch), limit];
    const { rows } = await this.database.pool.query<EntryRow>({ ...OLDEST_ENTRIES, values });
    return rows.map((row) => placedEntry(stretch.accountId, row).entry);
  }

  override async boundaries(
    stretch: ChainStretch,
  ): Promise<{ readonly opening: StatementBoundary; readonly closing: StatementBoundary }> {
    const values = stretchValues(stretch);
    const { rows } = await this.database.pool.query<BoundaryRow>({ ...FIND_BOUNDARIES, values });
    return { opening: boundaryAt(rows, stretch.low), closing: boundaryAt(rows, stretch.high) };
  }

  override async sumOfCredits(stretch: ChainStretch): Promise<bigint> {
    const values = stretchValues(stretch);
    const { rows } = await this.database.pool.query<{ credits: string }>({ ...SUM_OF_CREDITS, values });
    return BigInt(rows[0]?.credits ?? '0');
  }
}

function stretchValues({ accountId, bucket, low, high }: ChainStretch): [string, number, bigint, bigint] {
  return [accountId, bucket, low, high];
}

function boundaryAt(rows: readonly BoundaryRow[], sequence: bigint): StatementBoundary {
  if (sequence === 0n) return { balance: 0n, sequence, checksum: GENESIS };
  const row = rows.find((candidate) => candidate.sequence === sequence);
  invariant(row !== undefined, `entry ${sequence} of the chain was found a moment ago`);
  return { balance: row.balance_after, sequence, checksum: row.checksum };
}
