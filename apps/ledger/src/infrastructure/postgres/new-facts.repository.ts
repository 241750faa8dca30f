import { GENESIS } from '@steelyard/domain/ledger-chain';
import { inTransaction } from '@steelyard/platform/postgres';
import type { Clock } from '../../application/clock.port.js';
import {
  KnownChainReads,
  NewFactsStore,
  type KnownChain,
  type KnownChains,
  type NewFactsSummary,
  type ProvenChain,
  type SliceProven,
} from '../../application/verify-new-facts/new-facts.port.js';
import { checksumOfHex, hexOfChecksum } from './fact-columns.js';
import type { LedgerDatabase } from './ledger-database.js';
import {
  CREATE_VERIFIED_BUCKETS,
  FIND_BUCKETS_BEHIND,
  LOCK_VERIFIED_BUCKET,
  READ_KNOWN_CHAINS,
  SAVE_PROVEN_CHAINS,
  SAVE_VERIFIED_BUCKET,
  SUMMARIZE_NEW_FACTS,
} from './new-facts.sql.js';

interface KnownChainRow {
  readonly account_id: string;
  readonly currency: string | null;
  readonly sequence: bigint | null;
  readonly balance: bigint | null;
  readonly checksum: string | null;
  readonly proven_sequence: bigint | null;
  readonly proven_balance: bigint | null;
  readonly proven_checksum: string | null;
  readonly is_faulty: boolean;
  readonly head: bigint;
}

export class KnownChainRepository extends KnownChainReads {
  constructor(private readonly database: LedgerDatabase) {
    super();
  }

  override async chains(bucket: number, accountIds: readonly string[]): Promise<KnownChains> {
    if (accountIds.length === 0) return { head: -1n, chains: [] };
    const { rows } = await this.database.pool.query<KnownChainRow>({
      ...READ_KNOWN_CHAINS,
      values: [bucket, accountIds],
    });
    return { head: rows[0]?.head ?? -1n, chains: rows.map(knownChainOf) };
  }
}

/** Whoever holds the lock of a bucket's row verifies its new facts: the lock ends with its transaction. */
export class NewFactsProgressRepository extends NewFactsStore {
  constructor(
    private readonly database: LedgerDatabase,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async behind(): Promise<readonly number[]> {
    const { pool } = this.database;
    await pool.query(CREATE_VERIFIED_BUCKETS);
    const { rows } = await pool.query<{ bucket: number }>(FIND_BUCKETS_BEHIND);
    return rows.map(({ bucket }) => bucket);
  }

  override advance(
    bucket: number,
    work: (after: bigint) => Promise<SliceProven | undefined>,
  ): Promise<boolean> {
    return inTransaction(
      this.database.pool,
      async (client) => {
        const locked = { ...LOCK_VERIFIED_BUCKET, values: [bucket] };
        const { rows } = await client.query<{ fact_sequence: bigint }>(locked);
        const [row] = rows;
        if (row === undefined) return false;
        const proven = await work(row.fact_sequence);
        if (proven === undefined) return true;
        const { through, chains } = proven;
        if (chains.length > 0) await client.query(this.saveChains(bucket, chains));
        await client.query({ ...SAVE_VERIFIED_BUCKET, values: [bucket, through] });
        return true;
      },
      // The work is long, and its next turn does the same again.
      { attemptsMax: 1 },
    );
  }

  override async summary(nowMs: number): Promise<NewFactsSummary> {
    const { rows } = await this.database.pool.query<{
      unverified: bigint;
      verified: bigint;
      next_at_ms: bigint | null;
    }>(SUMMARIZE_NEW_FACTS);
    const [row] = rows;
    if (row === undefined || row.verified === 0n) {
      return { verifiedUpToMs: undefined, factsUnverified: row?.unverified ?? 0n };
    }
    const { unverified, next_at_ms: nextAtMs } = row;
    return { verifiedUpToMs: nextAtMs === null ? BigInt(nowMs) : nextAtMs - 1n, factsUnverified: unverified };
  }

  private saveChains(bucket: number, chains: readonly ProvenChain[]): { values: unknown[]; text: string } {
    return {
      ...SAVE_PROVEN_CHAINS,
      values: [
        bucket,
        this.clock.nowMs(),
        chains.map(({ accountId }) => accountId),
        chains.map(({ end }) => end.sequence),
        chains.map(({ end }) => end.balance),
        chains.map(({ end }) => hexOfChecksum(end.checksum)),
        chains.map(({ isFaulty }) => isFaulty),
      ],
    };
  }
}

function knownChainOf(row: KnownChainRow): KnownChain {
  const { sequence, balance, proven_sequence: provenSequence, proven_balance: provenBalance } = row;
  return {
    accountId: row.account_id,
    currency: row.currency ?? '',
    account:
      sequence === null || balance === null
        ? undefined
        : { sequence, balance, checksum: checksumOfHex(row.checksum, GENESIS) },
    proven:
      provenSequence === null || provenBalance === null
        ? undefined
        : {
            sequence: provenSequence,
            balance: provenBalance,
            checksum: checksumOfHex(row.proven_checksum, GENESIS),
          },
    isFaulty: row.is_faulty,
  };
}
