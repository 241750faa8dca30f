import { GENESIS } from '@steelyard/domain/ledger-chain';
import type { Clock } from '../../application/clock.port.js';
import { ChainMarks, type MarkedChain } from '../../application/verification/chain-marks.port.js';
import type { AccountEnd } from '../../application/verification/verification-reads.port.js';
import { checksumOfHex, hexOfChecksum } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import { CLEAR_CHAIN, MARK_CHAINS, POSTPONE_CHAIN, READ_MARKED_CHAINS } from './chain-marks.sql.js';

interface MarkedRow {
  readonly bucket: number;
  readonly account_id: string;
  readonly restart_sequence: bigint;
  readonly restart_balance: bigint;
  readonly restart_checksum: string;
}

export class ChainMarksRepository extends ChainMarks {
  constructor(
    private readonly database: LedgerDatabase,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async mark(chains: readonly MarkedChain[]): Promise<number> {
    if (chains.length === 0) return 0;
    const values = [
      this.clock.nowMs(),
      chains.map(({ bucket }) => bucket),
      chains.map(({ accountId }) => accountId),
      chains.map(({ restart }) => restart.sequence),
      chains.map(({ restart }) => restart.balance),
      chains.map(({ restart }) => hexOfChecksum(restart.checksum)),
    ];
    const { rowCount } = await this.database.pool.query({ ...MARK_CHAINS, values });
    return rowCount ?? 0;
  }

  override async marked(triedBeforeMs: number, limit: number): Promise<readonly MarkedChain[]> {
    const values = [triedBeforeMs, limit];
    const { rows } = await this.database.pool.query<MarkedRow>({ ...READ_MARKED_CHAINS, values });
    return rows.map((row) => ({
      bucket: row.bucket,
      accountId: row.account_id,
      restart: {
        sequence: row.restart_sequence,
        balance: row.restart_balance,
        checksum: checksumOfHex(row.restart_checksum, GENESIS),
      },
    }));
  }

  override async postpone(chain: MarkedChain): Promise<void> {
    const values = [...endValues(chain, chain.restart), this.clock.nowMs()];
    await this.database.pool.query({ ...POSTPONE_CHAIN, values });
  }

  override async clear(chain: MarkedChain, end: AccountEnd): Promise<void> {
    await this.database.pool.query({ ...CLEAR_CHAIN, values: endValues(chain, end) });
  }
}

function endValues({ bucket, accountId }: MarkedChain, end: AccountEnd): unknown[] {
  return [bucket, accountId, end.sequence, end.balance, hexOfChecksum(end.checksum)];
}
