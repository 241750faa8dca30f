import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { ChainReads } from '../accounts/chain-reads.port.js';
import type { Deployment } from '../deployment.port.js';
import { effectiveSum } from '../effective-time/effective-balance.js';
import type { EffectiveReads } from '../effective-time/effective-reads.port.js';
import { windowsThrough } from '../effective-time/effective-windows.js';
import { checkInstant } from '../paging/page-request.js';
import type { ReadRefusal } from '../read-refusal.js';

/**
 * Which time of an entry counts: when it was committed, or when it took effect in business, which is its
 * `effectiveAt` where it has one.
 */
export type LedgerClock = 'committed' | 'effective';

export interface GetBalanceAt {
  readonly accountId: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly atMs: bigint;
  /** Default: committed. */
  readonly clock?: LedgerClock | undefined;
}

export interface BalanceAt {
  readonly accountId: string;
  readonly currency: string;
  /** Minor units. */
  readonly balance: bigint;
  /**
   * Of the entry that decided it, 0 before the first; by the effective clock the number of entries that count.
   * Summed over the chains of an account with several.
   */
  readonly sequence: bigint;
}

/** Shows the balance that an account had at an instant, by either clock. */
export class GetBalanceAtHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly chainReads: ChainReads,
    private readonly effectiveReads: EffectiveReads,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, INVALID_REQUEST or ACCOUNT_NOT_FOUND. */
  async execute(request: GetBalanceAt): Promise<BalanceAt | ReadRefusal> {
    const { accountId, atMs } = request;
    const malformed = checkAccountId(accountId) ?? checkInstant(atMs, 'at');
    if (malformed !== undefined) return malformed;
    const buckets = bucketsOf(accountId, this.deployment.buckets());
    return request.clock === 'effective'
      ? this.effective(accountId, atMs, buckets)
      : this.committed(accountId, atMs, buckets);
  }

  private async committed(
    accountId: string,
    atMs: bigint,
    buckets: readonly number[],
  ): Promise<BalanceAt | ReadRefusal> {
    const chains = await this.chainReads.findBalancesAt(accountId, { buckets, atMs });
    const [first] = chains;
    if (first === undefined) return unknownAccount(accountId);
    return {
      accountId,
      currency: first.currency,
      balance: chains.reduce((sum, { balance }) => sum + balance, 0n),
      sequence: chains.reduce((sum, { sequence }) => sum + sequence, 0n),
    };
  }

  private async effective(
    accountId: string,
    atMs: bigint,
    buckets: readonly number[],
  ): Promise<BalanceAt | ReadRefusal> {
    const question = { buckets, atMs, windows: windowsThrough(atMs) };
    const chains = await this.effectiveReads.findDatedChains(accountId, question);
    const [first] = chains;
    if (first === undefined) return unknownAccount(accountId);
    let balance = 0n;
    let sequence = 0n;
    for (const chain of chains) {
      const sum = await effectiveSum(this.effectiveReads, accountId, { chain, atMs });
      balance += sum.amount;
      sequence += sum.entries;
    }
    return { accountId, currency: first.currency, balance, sequence };
  }
}
