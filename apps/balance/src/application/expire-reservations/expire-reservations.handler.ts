import { prepare, type Command } from '@steelyard/domain/posting';
import type { PostingEngine } from '../posting-engine/posting-engine.js';

/** Accounts on which a reservation is still held though its time is over. */
export abstract class DueAccounts {
  /** At most `limit` of them, those that have waited longest. Throws OutageError. */
  abstract find(nowMs: number, limit: number): Promise<readonly string[]>;
}

export interface ExpireReservationsOptions {
  /** Number of buckets of the deployment. */
  readonly buckets: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** One batch of the posting engine: others do not wait long behind it. */
const ACCOUNTS_PER_ROUND_MAX = 500;
/** 50,000 accounts a sweep; whatever is left is found by the next one. */
const ROUNDS_MAX = 100;

/**
 * Writes down what the clock has decided: ends the reservations that are due on accounts which nobody touches
 * otherwise. Any number of replicas may run it at once: of those that find the same account one ends what is due,
 * and the others find nothing left to do.
 */
export class ExpireReservationsHandler {
  readonly #accounts: DueAccounts;
  readonly #engine: PostingEngine;
  readonly #options: ExpireReservationsOptions;

  constructor(accounts: DueAccounts, engine: PostingEngine, options: ExpireReservationsOptions) {
    this.#accounts = accounts;
    this.#engine = engine;
    this.#options = options;
  }

  /**
   * @param signal ends the sweep early, between two rounds.
   * @returns how many accounts were looked after; one with very many due reservations counts once a round.
   * Throws OutageError.
   */
  async execute(signal: AbortSignal): Promise<number> {
    let swept = 0;
    for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
      const accountIds = await this.#accounts.find(this.#options.now(), ACCOUNTS_PER_ROUND_MAX);
      if (accountIds.length === 0) break;
      await this.#engine.execute(accountIds.map((accountId) => this.#expiryOf(accountId)));
      swept += accountIds.length;
    }
    return swept;
  }

  #expiryOf(accountId: string) {
    const command: Command = { kind: 'expire-reservations', accountId, details: {} };
    const { buckets } = this.#options;
    return { prepared: prepare(command, { idempotencyKey: null, buckets }), atomicGroup: 0 };
  }
}
