import type { LongCheck } from '../account-check/check-pace.js';
import { CHAIN_UNCHECKED, type ChainPosition, type CheckPosition } from '../account-check/check-position.js';
import type { AccountState } from '../reconciliation/account-state.port.js';
import { checkChain, type ChainCheckReads, type CheckedChain } from './chain-check.js';

/** A chain of the account that is checked to its end. */
export interface FinishedChain extends CheckedChain {
  /** From where its check goes on, should more be posted or something be put right. */
  readonly reached: ChainPosition;
}

export interface ValidatedAccount {
  readonly accountId: string;
  readonly buckets: readonly number[];
  readonly start: CheckPosition;
}

/** The comparison of one account's rows with what they must follow from, chain after chain. */
export class ValidationCheck implements LongCheck {
  isDone = false;
  /** Nobody ever opened such an account. */
  isUnknown = false;
  currency = '';
  position: CheckPosition;

  constructor(
    private readonly reads: ChainCheckReads,
    private readonly account: ValidatedAccount,
    /** What is done with each chain at once; false: the check ends with it. */
    private readonly finish: (chain: FinishedChain) => Promise<boolean>,
  ) {
    this.position = account.start;
  }

  /** Each time the rows are read anew, each with its ends in one snapshot: postings since then are no faults. */
  async advance(mayGoOn: () => boolean): Promise<void> {
    const { accountId, buckets } = this.account;
    const states = await this.reads.states.statesOf(accountId, buckets);
    this.isUnknown = states.length === 0;
    this.currency = states[0]?.currency ?? '';
    const left = states.filter(({ bucket }) => bucket >= this.position.bucket);
    for (const [index, state] of left.entries()) {
      const finished = await this.check(state, mayGoOn);
      if (finished === undefined) return;
      const isLast = index === left.length - 1;
      this.isDone = !(await this.finish(finished)) || isLast;
      if (this.isDone || !mayGoOn()) return;
    }
    this.isDone = true;
  }

  /** Undefined when there is more of the chain to check. */
  private async check(state: AccountState, mayGoOn: () => boolean): Promise<FinishedChain | undefined> {
    const { bucket, entriesChecked } = this.position;
    const from = state.bucket === bucket ? this.position : CHAIN_UNCHECKED;
    const { checked, reached } = await checkChain(this.reads, state, { from, mayGoOn });
    this.position =
      checked === undefined
        ? { ...reached, bucket: state.bucket, entriesChecked }
        : { ...CHAIN_UNCHECKED, bucket: state.bucket + 1, entriesChecked };
    return checked && { ...checked, reached };
  }
}
