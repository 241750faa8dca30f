import { GENESIS } from '@steelyard/domain/ledger-chain';
import {
  ChainReads,
  type Bound,
  type BoundQuestion,
  type Chain,
} from '../../application/accounts/chain-reads.port.js';
import { FIND_BOUNDS, FIND_CHAINS } from './chains.sql.js';
import { checksumOfHex } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';

interface ChainRow {
  readonly bucket: number;
  readonly currency: string;
  readonly sequence: bigint;
  readonly checksum: string;
}

interface BoundRow {
  readonly sequence: bigint;
  readonly balance_after: bigint;
}

export class ChainRepository extends ChainReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async findChains(accountId: string, buckets: readonly number[]): Promise<readonly Chain[]> {
    const { rows } = await this.database.pool.query<ChainRow>({
      ...FIND_CHAINS,
      values: [accountId, buckets],
    });
    return rows.map((row) => ({ ...row, checksum: checksumOfHex(row.checksum, GENESIS) }));
  }

  override async findBounds(
    accountId: string,
    questions: readonly BoundQuestion[],
  ): Promise<readonly Bound[]> {
    const { rows } = await this.database.pool.query<BoundRow>({
      ...FIND_BOUNDS,
      values: [
        accountId,
        questions.map(({ bucket }) => bucket),
        questions.map(({ high }) => high),
        questions.map(({ atMs }) => atMs),
      ],
    });
    return rows.map((row) => ({ sequence: row.sequence, balanceAfter: row.balance_after }));
  }
}
