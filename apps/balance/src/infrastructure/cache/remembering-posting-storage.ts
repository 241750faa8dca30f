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
import type { HeadWatch } from '../../application/read-accounts/head-watch.js';

export interface RememberingOptions {
  readonly cache: AccountCache;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Told of all writes, where reads are answered from memory. */
  readonly watch?: HeadWatch | undefined;
}

/** A storage that has the accounts of every write remembered, after the commit and not before. */
export class RememberingPostingStorage extends PostingStorage {
  readonly #storage: PostingStorage;
  readonly #options: RememberingOptions;

  constructor(storage: PostingStorage, options: RememberingOptions) {
    super();
    this.#storage = storage;
    this.#options = options;
  }

  async heads(buckets: readonly number[]): Promise<readonly LoadedHead[]> {
    const heads = await this.#storage.heads(buckets);
    this.#options.watch?.observed(heads);
    return heads;
  }

  load(request: LoadRequest): Promise<LoadedState> {
    return this.#storage.load(request);
  }

  loadKeys(keys: readonly KeyRef[]): Promise<readonly LoadedKey[]> {
    return this.#storage.loadKeys(keys);
  }

  async write(writeSet: WriteSet, channel?: number): Promise<void> {
    await this.#watched([writeSet], () => this.#storage.write(writeSet, channel));
  }

  async withLockedHeads<T>(
    buckets: readonly number[],
    work: (heads: readonly LoadedHead[], transaction: PostingTransaction) => Promise<T>,
  ): Promise<T> {
    const written: WriteSet[] = [];
    return this.#watched(written, () =>
      this.#storage.withLockedHeads(buckets, (heads, transaction) => {
        this.#options.watch?.observed(heads);
        return work(heads, {
          load: (request) => transaction.load(request),
          loadKeys: (keys) => transaction.loadKeys(keys),
          write: async (writeSet) => {
            written.push(writeSet);
            this.#options.watch?.began(writeSet.heads);
            await transaction.write(writeSet);
          },
        });
      }),
    );
  }

  findTransaction(transactionId: string): Promise<ReversibleTransaction | undefined> {
    return this.#storage.findTransaction(transactionId);
  }

  findReservations(ids: readonly string[]): Promise<ReadonlyMap<string, ReservationTerms>> {
    return this.#storage.findReservations(ids);
  }

  /** Runs what commits these writes, all of them or none. */
  async #watched<T>(writeSets: readonly WriteSet[], commit: () => Promise<T>): Promise<T> {
    const { watch } = this.#options;
    for (const { heads } of writeSets) watch?.began(heads);
    try {
      const result = await commit();
      for (const writeSet of writeSets) this.#remember(writeSet);
      return result;
    } catch (error) {
      for (const { heads } of writeSets) watch?.failed(heads);
      throw error;
    }
  }

  #remember({ openedAccounts, changedAccounts, heads }: WriteSet): void {
    const { cache, now, watch } = this.#options;
    const accounts = [...openedAccounts, ...changedAccounts.map(({ account }) => account)];
    cache.remember(accounts.filter(isShownAlone), now());
    watch?.committed(heads);
  }
}

/** A shared account is shown as the sum of its parts, of which a write has one. */
function isShownAlone({ accountId }: Account): boolean {
  return !isSharedAccountId(accountId);
}
