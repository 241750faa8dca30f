import { bucketsOf, checkAccountId, unknownAccount } from '../accounts/account-buckets.js';
import type { ChainReads } from '../accounts/chain-reads.port.js';
import type { Deployment } from '../deployment.port.js';
import { checkInstant } from '../paging/page-request.js';
import type { ReadRefusal } from '../read-refusal.js';

export interface GetBalanceAt {
  readonly accountId: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly atMs: bigint;
}

export interface BalanceAt {
  readonly accountId: string;
  readonly currency: string;
  /** Minor units. */
  readonly balance: bigint;
  /** Of the entry that decided it, 0 before the first; summed over the chains of an account with several. */
  readonly sequence: bigint;
}

/** Shows the balance after the last entry that was committed at or before an instant. */
export class GetBalanceAtHandler {
  constructor(
    private readonly deployment: Deployment,
    private readonly chainReads: ChainReads,
  ) {}

  /** Refuses with INVALID_ACCOUNT_ID, INVALID_REQUEST or ACCOUNT_NOT_FOUND. */
  async execute(request: GetBalanceAt): Promise<BalanceAt | ReadRefusal> {
    const { accountId, atMs } = request;
    const malformed = checkAccountId(accountId) ?? checkInstant(atMs, 'at');
    if (malformed !== undefined) return malformed;
    const buckets = bucketsOf(accountId, this.deployment.buckets());
    const chains = await this.chainReads.findChains(accountId, buckets);
    const [first] = chains;
    if (first === undefined) return unknownAccount(accountId);
    const questions = chains.map(({ bucket, sequence }) => ({ bucket, high: sequence, atMs }));
    const bounds = await this.chainReads.findBounds(accountId, questions);
    return {
      accountId,
      currency: first.currency,
      balance: bounds.reduce((sum, { balanceAfter }) => sum + balanceAfter, 0n),
      sequence: bounds.reduce((sum, { sequence }) => sum + sequence, 0n),
    };
  }
}
