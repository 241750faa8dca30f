import { setTimeout as delay } from 'node:timers/promises';
import type { balanceV1, ledgerV1 } from '@steelyard/contracts/grpc';
import { OutageError } from '@steelyard/platform/outage';
import type { LedgerPort } from '../ledger/ledger.port.js';
import type { AccountReader } from '../balance/account-reader.js';
import { isRefused, refused, type Refused } from '../refusals/refused.js';

/** How long a read waits for a version that a replica may not have seen yet. */
const MIN_VERSION_WAIT_MS = 1_000;
const MIN_VERSION_POLL_MS = 50;

/** The balance as it is, or as it was at an instant. */
export type BalanceRead =
  | {
      readonly kind: 'now';
      readonly account: balanceV1.Account;
      readonly asOfMs: bigint;
      /** The database is away: this is what was last known. */
      readonly isStale: boolean;
    }
  | { readonly kind: 'past'; readonly balance: ledgerV1.GetBalanceAtResponse; readonly asOfMs: bigint };

export interface ReadBalanceRequest {
  readonly accountId: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at?: bigint | undefined;
  readonly minVersion?: bigint | undefined;
}

/** Reads a balance. */
export class ReadBalanceHandler {
  constructor(
    private readonly accounts: AccountReader,
    private readonly ledger: LedgerPort,
  ) {}

  /** Throws an outage when the account does not reach `minVersion` in time: the same read may succeed later. */
  async execute(request: ReadBalanceRequest): Promise<BalanceRead | Refused> {
    return request.at === undefined
      ? this.#now(request.accountId, request.minVersion ?? 0n)
      : this.#past(request.accountId, request.at);
  }

  async #now(accountId: string, minVersion: bigint): Promise<BalanceRead | Refused> {
    const giveUpAtMs = Date.now() + MIN_VERSION_WAIT_MS;
    for (;;) {
      const { account, ...known } = await this.accounts.read(accountId);
      if (account && account.version >= minVersion) return { kind: 'now', account, ...known };
      if (!account && minVersion === 0n) return refused('ACCOUNT_NOT_FOUND', 'The account does not exist');
      if (Date.now() >= giveUpAtMs) throw new OutageError('the account has not reached the asked version');
      await delay(MIN_VERSION_POLL_MS);
    }
  }

  async #past(accountId: string, atMs: bigint): Promise<BalanceRead | Refused> {
    // What will be is not known: an instant to come is answered as of now.
    const nowMs = BigInt(Date.now());
    const asOfMs = atMs < nowMs ? atMs : nowMs;
    const balance = await this.ledger.getBalanceAt({ accountId, atMs: asOfMs });
    return isRefused(balance) ? balance : { kind: 'past', balance, asOfMs };
  }
}
