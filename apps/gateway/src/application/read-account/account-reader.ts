import type { balanceV1 } from '@steelyard/contracts/grpc';
import { OutageError } from '@steelyard/platform/outage';
import { TurnBatcher, type TurnBatcherLimits } from '../dispatch/turn-batcher.js';
import type { BalancePort } from '../ports/balance.port.js';

/** An account as it was at one instant. */
export interface AccountAsOf {
  readonly account: balanceV1.Account | undefined;
  readonly asOfMs: bigint;
}

/** An id has at most 128 characters, so this is about what one costs in a call. */
const ACCOUNT_ID_BYTES = 128;

/** Reads accounts; all that are asked for in one turn of the event loop are read with one call. */
export class AccountReader {
  readonly #batcher: TurnBatcher<string, AccountAsOf>;

  constructor(balance: BalancePort, limits: TurnBatcherLimits) {
    this.#batcher = new TurnBatcher<string, AccountAsOf>({
      limits,
      send: async (accountIds) => {
        const { accounts, asOfMs } = await balance.getAccounts([...new Set(accountIds)]);
        const byId = new Map(accounts.map((account) => [account.accountId, account]));
        return accountIds.map((accountId) => ({ account: byId.get(accountId), asOfMs }));
      },
      bytesOf: () => ACCOUNT_ID_BYTES,
      overloaded: () => new OutageError('too many account reads are waiting for the balance service'),
      now: Date.now,
    });
  }

  /** The account now. Throws an outage when it cannot be read. */
  read(accountId: string): Promise<AccountAsOf> {
    return this.#batcher.submit(accountId);
  }

  /** The account, or undefined when there is none. */
  async find(accountId: string): Promise<balanceV1.Account | undefined> {
    return (await this.read(accountId)).account;
  }
}
