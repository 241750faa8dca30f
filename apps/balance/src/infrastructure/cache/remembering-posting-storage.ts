import { isSharedAccountId, type Account } from '@steelyard/domain/accounts';
import type { ReversibleTransaction, WriteSet } from '@steelyard/domain/posting';
import type { ReservationTerms } from '@steelyard/domain/reservations';
import {
  PostingStorage,
  type KeyRef,
  type LoadedHead,
  type LoadedKey,
  type LoadedState,
  type LoadRequest,
  type PostingTransaction,
} from '../../application/posting-engine/posting-storage.port.js';
import type { AccountCache } from '../../application/read-accounts/account-cache.port.js';

/** A storage that has the accounts of every write remembered, after the commit and not before. */
export class RememberingPostingStorage extends PostingStorage {
  readonly #storage: PostingStorage;
  readonly #cache: AccountCache;
  readonly #now: () => number;

  /** @param now milliseconds since 1970-01-01 UTC. */
  constructor(storage: PostingStorage, cache: AccountCache, now: () => number) {
    super();
    this.#storage = storage;
    this.#cache = cache;
    this.#now = now;
  }

  heads(buckets: readonly number[]): Promise<readonly LoadedHead[]> {
    return this.#storage.heads(buckets);
  }

  load(request: LoadRequest): Promise<LoadedState> {
    return this.#storage.load(request);
  }

  loadKeys(keys: readonly KeyRef[]): Promise<readonly LoadedKey[]> {
    return this.#storage.loadKeys(keys);
  }

  async write(writeSet: WriteSet, channel?: number): Promise<void> {
    await this.#storage.write(writeSet, channel);
    this.#remember(writeSet);
  }

  async withLockedHeads<T>(
    buckets: readonly number[],
    work: (heads: readonly LoadedHead[], transaction: PostingTransaction) => Promise<T>,
  ): Promise<T> {
    const written: WriteSet[] = [];
    const result = await this.#storage.withLockedHeads(buckets, (heads, transaction) =>
      work(heads, {
        load: (request) => transaction.load(request),
        loadKeys: (keys) => transaction.loadKeys(keys),
        write: async (writeSet) => {
          await transaction.write(writeSet);
          written.push(writeSet);
        },
      }),
    );
    for (const writeSet of written) this.#remember(writeSet);
    return result;
  }

  findTransaction(transactionId: string): Promise<ReversibleTransaction | undefined> {
    return this.#storage.findTransaction(transactionId);
  }

  findReservations(ids: readonly string[]): Promise<ReadonlyMap<string, ReservationTerms>> {
    return this.#storage.findReservations(ids);
  }

  #remember({ openedAccounts, changedAccounts }: WriteSet): void {
    const accounts = [...openedAccounts, ...changedAccounts.map(({ account }) => account)];
    this.#cache.remember(accounts.filter(isShownAlone), this.#now());
  }
}

/** A shared account is shown as the sum of its parts, of which a write has one. */
function isShownAlone({ accountId }: Account): boolean {
  return !isSharedAccountId(accountId);
}
