import { isSharedAccountId } from '@steelyard/domain/accounts';
import type { AccountCache } from '../read-accounts/account-cache.port.js';
import type { Accounts } from '../read-accounts/read-accounts.handler.js';
import type {
  AccountRestored,
  AccountRestorer,
  NotRestored,
  RestoreAccount,
} from './account-restorer.port.js';

export interface RestoreAccountParts {
  readonly restorer: AccountRestorer;
  readonly accounts: Accounts;
  readonly cache: AccountCache;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/**
 * Restores an account's row to the ledger. The posting engines of all processes find out by themselves: the head
 * of the bucket has moved, so that a batch decided on what they remembered is not stored but decided again.
 */
export class RestoreAccountHandler {
  constructor(private readonly parts: RestoreAccountParts) {}

  /** Throws OutageError; whether the row was restored is then unknown, and asking again is safe. */
  async execute(request: RestoreAccount): Promise<AccountRestored | NotRestored> {
    const result = await this.parts.restorer.restore(request);
    if (result.kind === 'restored' && result.factId !== undefined) await this.remember(request);
    return result;
  }

  /** What was remembered for reads is replaced now rather than when somebody asks next. */
  private async remember({ bucket, accountId }: RestoreAccount): Promise<void> {
    // It is remembered as the sum of its parts, of which this is one.
    if (isSharedAccountId(accountId)) return;
    const { accounts, cache, now } = this.parts;
    const asOfMs = now();
    cache.remember(await accounts.find([{ bucket, accountId }]), asOfMs);
  }
}
