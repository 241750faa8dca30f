import { bucketOf } from '@steelyard/domain/accounts';
import {
  prepare,
  type CommitReservation,
  type Contribute,
  type ReleaseReservation,
  type Reserve,
  type Command,
  type Details,
  type OpenAccount,
  type PostToAccount,
  type Reverse,
  type SetAccountStatus,
  type Transfer,
  type UpdateAccount,
} from '@steelyard/domain/posting';
import type { ReservationTerms } from '@steelyard/domain/reservations';
import type { Submission } from '../../src/application/posting-engine/posting-engine.js';

const NO_DETAILS: Details = {};

export function deposit(accountId: string, amount: bigint, over: Partial<PostToAccount> = {}): PostToAccount {
  return {
    kind: 'post-to-account',
    accountId,
    amount,
    type: 'DEPOSIT',
    counterpart: 'world',
    opensAccount: true,
    details: NO_DETAILS,
    ...over,
  };
}

export function withdraw(
  accountId: string,
  amount: bigint,
  over: Partial<PostToAccount> = {},
): PostToAccount {
  return { ...deposit(accountId, -amount), type: 'WITHDRAW', opensAccount: false, ...over };
}

/** `amount` minor units of the first account's currency to the second. */
export function transfer(
  [fromAccountId, toAccountId]: readonly [from: string, to: string],
  amount: bigint,
  over: Partial<Transfer> = {},
): Transfer {
  return {
    kind: 'transfer',
    fromAccountId,
    toAccountId,
    amount,
    type: 'TRANSFER',
    details: NO_DETAILS,
    ...over,
  };
}

export function open(accountId: string, over: Partial<OpenAccount> = {}): OpenAccount {
  return {
    kind: 'open-account',
    accountId,
    initialBalance: 0n,
    tier: null,
    holderId: null,
    agentId: null,
    limits: {},
    details: NO_DETAILS,
    ...over,
  };
}

export function update(accountId: string, over: Partial<UpdateAccount> = {}): UpdateAccount {
  return { kind: 'update-account', accountId, limits: {}, details: NO_DETAILS, ...over };
}

export function setStatus(accountId: string, status: SetAccountStatus['status']): SetAccountStatus {
  return { kind: 'set-account-status', accountId, status, details: NO_DETAILS };
}

export function reverse(original: Reverse['original'], over: Partial<Reverse> = {}): Reverse {
  return { kind: 'reverse', original, details: NO_DETAILS, ...over };
}

/** Holds for longer than any test takes, then to the outside world. */
export function reserve(accountId: string, amount: bigint, over: Partial<Reserve> = {}): Reserve {
  const timeoutMs = 3_600_000;
  const target = { kind: 'world' } as const;
  return {
    kind: 'reserve',
    accountId,
    amount,
    target,
    timeoutMs,
    reference: null,
    details: NO_DETAILS,
    ...over,
  };
}

export function commit(
  reservation: ReservationTerms,
  over: Partial<CommitReservation> = {},
): CommitReservation {
  return { kind: 'commit-reservation', reservation, details: NO_DETAILS, ...over };
}

export function release(reservation: ReservationTerms): ReleaseReservation {
  return { kind: 'release-reservation', reservation, details: NO_DETAILS };
}

export function contribute(
  pot: { tableId: string; handId: string },
  amount: bigint,
  over: Partial<Contribute> = {},
): Contribute {
  const seat = { seatId: 1, accountId: 'player-1', type: 'BET' } as const;
  return { kind: 'contribute', ...pot, ...seat, amount, details: NO_DETAILS, ...over };
}

/** Ids that nothing else in the suite uses: suites share one database. */
export function accountIds(): (name: string) => string {
  accountSpaces += 1;
  const space = `s${accountSpaces}`;
  return (name) => `${space}-${name}`;
}

let accountSpaces = 0;

/** Two accounts of a space that lie in different buckets. */
export function inTwoBuckets(id: (name: string) => string, buckets: number): readonly [string, string] {
  const first = id('first');
  for (let i = 0; i < buckets * 20; i++) {
    const second = id(`second${i}`);
    if (bucketOf(first, buckets) !== bucketOf(second, buckets)) return [first, second];
  }
  throw new Error('no second bucket was found');
}

/** A key that no other command of this test process has. */
export function nextKey(): string {
  keys += 1;
  return `key-${keys}`;
}

let keys = 0;

export interface SubmitOptions {
  readonly key?: string | null;
  readonly group?: number;
  readonly isDryRun?: boolean;
}

/** A command as the engine takes it; with a new key unless one is given. */
export function submission(command: Command, buckets: number, options: SubmitOptions = {}): Submission {
  const { key = nextKey(), group = 0, isDryRun = false } = options;
  return { prepared: prepare(command, { idempotencyKey: key, isDryRun, buckets }), atomicGroup: group };
}
