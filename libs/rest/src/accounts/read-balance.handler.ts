import { setTimeout as delay } from 'node:timers/promises';
import { ledgerV1, type balanceV1 } from '@steelyard/contracts/grpc';
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
  | {
      readonly kind: 'past';
      readonly balance: ledgerV1.GetBalanceAtResponse;
      readonly clock: BalanceClock;
      readonly asOfMs: bigint;
    };

/** Which time of an entry counts: when it was committed, or when it took effect in business. */
export type BalanceClock = 'committed' | 'effective';

const CLOCKS: Readonly<Record<BalanceClock, ledgerV1.Clock>> = {
  committed: ledgerV1.Clock.CLOCK_COMMITTED,
  effective: ledgerV1.Clock.CLOCK_EFFECTIVE,
};

export interface ReadBalanceRequest {
  readonly accountId: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at?: bigint | undefined;
  /** Default: committed. */
  readonly clock?: BalanceClock | undefined;
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
    const { accountId, at, clock = 'committed' } = request;
    if (clock === 'effective') return this.#effective(accountId, at ?? BigInt(Date.now()));
    return at === undefined ? this.#now(accountId, request.minVersion ?? 0n) : this.#committed(accountId, at);
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

  async #committed(accountId: string, atMs: bigint): Promise<BalanceRead | Refused> {
    // What will be is not known: an instant to come is answered as of now.
    const nowMs = BigInt(Date.now());
    const asOfMs = atMs < nowMs ? atMs : nowMs;
    return this.#at(accountId, asOfMs, 'committed');
  }

  /** An instant to come is answered by what is known now and takes effect by then. */
  async #effective(accountId: string, atMs: bigint): Promise<BalanceRead | Refused> {
    return this.#at(accountId, atMs, 'effective');
  }

  async #at(accountId: string, asOfMs: bigint, clock: BalanceClock): Promise<BalanceRead | Refused> {
    const balance = await this.ledger.getBalanceAt({ accountId, atMs: asOfMs, clock: CLOCKS[clock] });
    return isRefused(balance) ? balance : { kind: 'past', balance, clock, asOfMs };
  }
}
