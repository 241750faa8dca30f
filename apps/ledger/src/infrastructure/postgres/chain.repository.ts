import { GENESIS } from '@steelyard/domain/ledger-chain';
import {
  ChainReads,
  type BalanceQuestion,
  type BoundQuestion,
  type Chain,
  type ChainBalance,
} from '../../application/accounts/chain-reads.port.js';
import { FIND_BALANCES_AT, FIND_BOUNDS, FIND_CHAINS } from './chains.sql.js';
import { checksumOfHex } from './fact-columns.js';
import { GatheredReads } from './gathered-reads.js';
import type { LedgerDatabase } from './ledger-database.js';

/**
 * Two statements keep two cores busy, and what is asked meanwhile goes together. An answer is a handful of key
 * lookups: more of them in one statement save nothing, and would make the first wait for the last.
 */
const GATHERING = { underWayMax: 2, questionsMax: 32, waitingMax: 10_000 };

/** A chain that may exist, and an instant. */
interface ChainAtInstant {
  readonly accountId: string;
  readonly bucket: number;
  readonly atMs: bigint;
}

interface ChainRow {
  readonly bucket: number;
  readonly currency: string;
  readonly sequence: bigint;
  readonly checksum: string;
}

export class ChainRepository extends ChainReads {
  private readonly gathered = new GatheredReads(GATHERING, (asked: readonly ChainAtInstant[]) =>
    this.readBalancesAt(asked),
  );

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

  override async findBalancesAt(
    accountId: string,
    { buckets, atMs }: BalanceQuestion,
  ): Promise<readonly ChainBalance[]> {
    const asked = buckets.map((bucket) => ({ accountId, bucket, atMs }));
    const [only, ...others] = asked;
    if (only === undefined) return [];
    // An account with a chain in every bucket has a statement of its own: nobody else should wait for all of them.
    const found = others.length > 0 ? await this.readBalancesAt(asked) : [await this.gathered.ask(only)];
    return found.filter((chain) => chain !== undefined);
  }

  override async findBounds(
    accountId: string,
    questions: readonly BoundQuestion[],
  ): Promise<readonly bigint[]> {
    const { rows } = await this.database.pool.query<{ sequence: bigint }>({
      ...FIND_BOUNDS,
      values: [
        accountId,
        questions.map(({ bucket }) => bucket),
        questions.map(({ high }) => high),
        questions.map(({ atMs }) => atMs),
      ],
    });
    return rows.map(({ sequence }) => sequence);
  }

  /** An answer to each, undefined where there is no chain. */
  private async readBalancesAt(
    asked: readonly ChainAtInstant[],
  ): Promise<readonly (ChainBalance | undefined)[]> {
    const { rows } = await this.database.pool.query<ChainBalance & { readonly place: bigint }>({
      ...FIND_BALANCES_AT,
      values: [
        asked.map(({ accountId }) => accountId),
        asked.map(({ bucket }) => bucket),
        asked.map(({ atMs }) => atMs),
      ],
    });
    const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
    return asked.map((_, index) => byPlace.get(index + 1));
  }
}
