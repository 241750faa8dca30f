import type { AccountRef } from '@steelyard/domain/posting';
import type { Logger } from '@steelyard/platform/observability';
import { Counter, type Registry } from 'prom-client';
import type { ReadCounter } from '../../application/read-accounts/recent-accounts.js';

/** Where reads of accounts are answered from, and accounts whose rows somebody has changed by hand. */
export class AccountMetrics implements ReadCounter {
  readonly #logger: Logger;
  readonly #hits: Counter;
  readonly #misses: Counter;
  readonly #drifts: Counter;

  constructor(registry: Registry, logger: Logger) {
    this.#logger = logger;
    const registers = [registry];
    this.#hits = new Counter({
      name: 'steelyard_account_cache_hits_total',
      help: 'Accounts that reads were answered with from memory',
      registers,
    });
    this.#misses = new Counter({
      name: 'steelyard_account_cache_misses_total',
      help: 'Accounts that had to be read although reads may be answered from memory',
      registers,
    });
    this.#drifts = new Counter({
      name: 'steelyard_account_drifts_passed_over_total',
      help: 'Accounts that were decided on by their entries because their stored balance was another',
      registers,
    });
  }

  counted({ hits, misses }: Parameters<ReadCounter['counted']>[0]): void {
    this.#hits.inc(hits);
    this.#misses.inc(misses);
  }

  drifted({ bucket, accountId }: AccountRef): void {
    this.#drifts.inc();
    this.#logger.error({ bucket, accountId }, 'account.drifted');
  }
}
