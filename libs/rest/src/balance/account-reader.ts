import type { balanceV1 } from '@steelyard/contracts/grpc';
import { OutageError } from '@steelyard/platform/outage';
import { TurnBatcher, type TurnBatcherLimits } from './turn-batcher.js';
import type { BalancePort } from './balance.port.js';

/** An account as it was at one instant. */
export interface AccountAsOf {
  readonly account: balanceV1.Account | undefined;
  readonly asOfMs: bigint;
  /** The database is away: this is what was last known. */
  readonly isStale: boolean;
}

/** An id has at most 128 characters, so this is about what one costs in a call. */
const ACCOUNT_ID_BYTES = 128;

/** Reads accounts; all that are asked for in one turn of the event loop are read with one call. */
export class AccountReader {
  readonly #batcher: TurnBatcher<string, AccountAsOf | 'unread'>;

  constructor(balance: BalancePort, limits: TurnBatcherLimits) {
    this.#batcher = new TurnBatcher<string, AccountAsOf | 'unread'>({
      limits,
      send: async (accountIds) => {
        const accountOf = viewOf(await balance.getAccounts([...new Set(accountIds)]));
        return accountIds.map(accountOf);
      },
      bytesOf: () => ACCOUNT_ID_BYTES,
      overloaded: () => new OutageError('too many account reads are waiting for the balance service'),
      now: Date.now,
    });
  }

  /** The account now, or while the database is away as last known: to be shown. Throws an outage when it is neither. */
  async read(accountId: string): Promise<AccountAsOf> {
    const read = await this.#batcher.submit(accountId);
    if (read === 'unread')
      throw new OutageError('the account cannot be read now, and nothing is remembered of it');
    return read;
  }

  /** The account now, or undefined when there is none: to decide on. Throws an outage when it cannot be read. */
  async find(accountId: string): Promise<balanceV1.Account | undefined> {
    const { account, isStale } = await this.read(accountId);
    if (isStale) throw new OutageError('the account cannot be read now');
    return account;
  }
}

/** What the reply says of one account; 'unread': the database is away, and nothing is remembered of it, not even whether it exists. */
function viewOf(reply: balanceV1.GetAccountsResponse): (accountId: string) => AccountAsOf | 'unread' {
  const { stale: isStale, unreadAccountIds, accountsAsOfMs } = reply;
  const unread = new Set(unreadAccountIds);
  const known = new Map<string, AccountAsOf>();
  reply.accounts.forEach((account, i) => {
    known.set(account.accountId, { account, asOfMs: accountsAsOfMs[i] ?? reply.asOfMs, isStale });
  });
  return (accountId) => {
    if (unread.has(accountId)) return 'unread';
    return known.get(accountId) ?? { account: undefined, asOfMs: reply.asOfMs, isStale };
  };
}
