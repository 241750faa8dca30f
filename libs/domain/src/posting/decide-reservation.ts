import { refuseOutOfBounds, refuseUnlessActive, type Account } from '../accounts/index.js';
import { isInRange } from '../money/index.js';
import {
  isDue,
  withHold,
  withoutHold,
  type Reservation,
  type ReservationTarget,
} from '../reservations/index.js';
import { invariant, isRefusal, refuse, type Refusal } from '../result/index.js';
import { actorOf, unchanged } from './decide-account.js';
import type { Situation } from './decision-context.js';
import type { Plan, PlannedReservationFact, PlannedTransaction, Unchanged } from './plan.js';
import { accountRef, commitTargetOf } from './required-accounts.js';
import type {
  CommitReservation,
  ExpireReservations,
  ExtendReservation,
  ReleaseReservation,
  Reserve,
} from './reservation-commands.js';
import { movementsFrom, targetAccount } from './system-accounts.js';
import { ignoresCeiling, type TransactionType } from './transaction-types.js';

/** Longer than this nothing is held. */
const TIMEOUT_MS_MAX = 24 * 60 * 60 * 1_000;

/** What a commit is, by where it moves the funds. */
const COMMIT_TYPES: Readonly<Record<ReservationTarget['kind'], TransactionType>> = {
  world: 'WITHDRAW',
  account: 'TRANSFER',
  table: 'BUY_IN',
};

/** Holds funds: they are the account's own, but not available any more. */
export function decideReserve(command: Reserve, situation: Situation): Plan | Refusal {
  const { prepared, books, context } = situation;
  const { accountId, amount, target, reference, details } = command;
  const account = books.account({ bucket: prepared.homeBucket, accountId });
  if (!account) return refuse('ACCOUNT_NOT_FOUND', `account ${accountId} does not exist`, 'accountId');
  const timeoutMs = command.timeoutMs ?? context.settings.reservationTimeoutMs;
  const refusal =
    refuseTimeout(timeoutMs) ??
    refuseUnlessActive(account, 'accountId') ??
    refuseOutOfBounds(account, -amount, true) ??
    refuseHeldOutOfRange(account, amount) ??
    refuseTarget(command, account, situation);
  if (refusal) return refusal;

  const expiresAtMs = context.nowMs + timeoutMs;
  const reservation: Reservation = {
    bucket: account.bucket,
    sequence: 0n,
    reservationId: '',
    accountId,
    currency: account.currency,
    amount,
    target,
    status: 'HELD',
    captured: 0n,
    reference,
    metadataJson: prepared.metadataJson,
    createdAtMs: context.nowMs,
    expiresAtMs,
    resolvedAtMs: null,
    transactionId: null,
    balanceAfter: account.balance,
    availableAfter: 0n,
  };
  const held = withHold(account, amount, expiresAtMs);
  return planStep({ kind: 'RESERVATION_HELD', reservation, account: held, actor: actorOf(details) });
}

/** Moves what is held, or a part of it; the rest is released. */
export function decideCommit(command: CommitReservation, situation: Situation): Plan | Unchanged | Refusal {
  const { amount } = command;
  const reservation = findReservation(command, situation);
  if (isRefusal(reservation)) return reservation;
  if (reservation.status === 'COMMITTED') return commitAgain(reservation, amount);
  const refusal = refuseUnlessHeld(reservation, situation);
  if (refusal) return refusal;
  const captured = amount ?? reservation.amount;
  if (captured > reservation.amount) {
    const message = `${reservation.amount} are held, ${captured} cannot be committed`;
    return refuse('CAPTURE_EXCEEDS_HOLD', message, 'amount');
  }
  const account = accountOf(reservation, situation);
  const frozen = refuseUnlessActive(account, 'reservationId');
  if (frozen) return frozen;
  // What is held was available, but without a floor the balance may have sunk to the end of the range since.
  const outOfRange = refuseOutOfBounds(withoutHold(account, reservation.amount), -captured, true);
  return outOfRange ?? planCommit(reservation, captured, situation);
}

/** The second commit is the first one again; another amount is another commit, and comes too late. */
function commitAgain(reservation: Reservation, amount: bigint | undefined): Unchanged | Refusal {
  if (amount === undefined || amount === reservation.captured) {
    return { kind: 'unchanged', outcome: { kind: 'reservation', reservation } };
  }
  const message = `reservation ${reservation.reservationId} was committed with ${reservation.captured}`;
  return refuse('ALREADY_COMMITTED', message, 'amount');
}

function planCommit(reservation: Reservation, captured: bigint, situation: Situation): Plan | Refusal {
  const { context } = situation;
  const { target, currency } = reservation;
  const type = COMMIT_TYPES[target.kind];
  const place = commitTargetOf(reservation, context.settings);
  const receiver =
    target.kind === 'account'
      ? receiverOf(target.accountId, reservation, situation)
      : targetAccount(place, { currency, target }, situation);
  if (isRefusal(receiver)) return receiver;
  const refusal = refuseOutOfBounds(
    receiver.account,
    captured,
    target.kind !== 'account' || ignoresCeiling(type),
  );
  if (refusal) return refusal;
  const commit: PlannedTransaction = {
    kind: type,
    movements: movementsFrom(reservation, place, -captured),
    commits: reservation,
  };
  return { openedAccounts: receiver.opened, facts: [commit], answerIndex: 0 };
}

/** Gives the funds back. What holds nothing any more is released already, unless it was committed. */
export function decideRelease(command: ReleaseReservation, situation: Situation): Plan | Unchanged | Refusal {
  const reservation = findReservation(command, situation);
  if (isRefusal(reservation)) return reservation;
  if (reservation.status === 'COMMITTED') {
    const message = `reservation ${reservation.reservationId} is committed; reverse its transaction instead`;
    return refuse('ALREADY_COMMITTED', message, 'reservationId');
  }
  if (reservation.status !== 'HELD')
    return { kind: 'unchanged', outcome: { kind: 'reservation', reservation } };
  const released = { ...reservation, status: 'RELEASED', resolvedAtMs: situation.context.nowMs } as const;
  const account = withoutHold(accountOf(reservation, situation), reservation.amount);
  const actor = actorOf(command.details);
  return planStep({ kind: 'RESERVATION_RELEASED', reservation: released, account, actor });
}

/** A new time to live, counted from now. */
export function decideExtension(command: ExtendReservation, situation: Situation): Plan | Refusal {
  const reservation = findReservation(command, situation);
  if (isRefusal(reservation)) return reservation;
  const { timeoutMs, details } = command;
  const refusal = refuseTimeout(timeoutMs) ?? refuseUnlessHeld(reservation, situation);
  if (refusal) return refusal;
  const expiresAtMs = situation.context.nowMs + timeoutMs;
  const extended = { ...reservation, expiresAtMs };
  const account = withHold(accountOf(reservation, situation), 0n, expiresAtMs);
  return planStep({
    kind: 'RESERVATION_EXTENDED',
    reservation: extended,
    account,
    actor: actorOf(details),
  });
}

/** What is due has ended already: the batch does that before it decides anything on an account. */
export function decideExpiry(
  { accountId }: ExpireReservations,
  { prepared, books }: Situation,
): Unchanged | Refusal {
  const account = books.account({ bucket: prepared.homeBucket, accountId });
  if (!account) return refuse('ACCOUNT_NOT_FOUND', `account ${accountId} does not exist`, 'accountId');
  return unchanged(account);
}

function findReservation(
  { reservation: { bucket, sequence, reservationId } }: Pick<CommitReservation, 'reservation'>,
  { books }: Situation,
): Reservation | Refusal {
  const reservation = books.reservation({ bucket, sequence });
  if (reservation?.reservationId === reservationId) return reservation;
  return refuse('RESERVATION_NOT_FOUND', `reservation ${reservationId} does not exist`, 'reservationId');
}

function refuseUnlessHeld(reservation: Reservation, { context }: Situation): Refusal | undefined {
  const { reservationId, status } = reservation;
  if (status === 'EXPIRED' || isDue(reservation, context.nowMs)) {
    const message = `reservation ${reservationId} has expired; reserve again`;
    return refuse('RESERVATION_EXPIRED', message, 'reservationId');
  }
  switch (status) {
    case 'HELD':
      return undefined;
    case 'COMMITTED':
      return refuse('ALREADY_COMMITTED', `reservation ${reservationId} is committed`, 'reservationId');
    case 'RELEASED':
      return refuse('RESERVATION_NOT_HELD', `reservation ${reservationId} was released`, 'reservationId');
  }
}

function refuseTimeout(timeoutMs: number): Refusal | undefined {
  if (timeoutMs > 0 && timeoutMs <= TIMEOUT_MS_MAX) return undefined;
  const message = `timeoutSeconds must lie between 1 and ${TIMEOUT_MS_MAX / 1_000}`;
  return refuse('INVALID_REQUEST', message, 'timeoutSeconds');
}

/** Without a floor, or with a credit limit on top of a full balance, more is available than can be held. */
function refuseHeldOutOfRange({ accountId, held }: Account, amount: bigint): Refusal | undefined {
  if (isInRange(held + amount)) return undefined;
  return refuse('AMOUNT_OUT_OF_RANGE', `what ${accountId} holds would leave the range`, 'amount');
}

/** Better told now than when the funds are to move. */
function refuseTarget({ target }: Reserve, account: Account, situation: Situation): Refusal | undefined {
  if (target.kind !== 'account') return undefined;
  const receiver = receiverOf(target.accountId, account, situation);
  return isRefusal(receiver) ? receiver : undefined;
}

function receiverOf(
  accountId: string,
  { currency }: Pick<Account, 'currency'>,
  { books, context }: Situation,
): { readonly account: Account; readonly opened: readonly Account[] } | Refusal {
  const account = books.account(accountRef(accountId, context.settings));
  if (!account) return refuse('ACCOUNT_NOT_FOUND', `account ${accountId} does not exist`, 'to');
  if (account.currency !== currency) {
    const message = `account ${accountId} is in ${account.currency}, the held funds are in ${currency}`;
    return refuse('CURRENCY_MISMATCH', message, 'to');
  }
  return refuseUnlessActive(account, 'to') ?? { account, opened: [] };
}

function accountOf(reservation: Reservation, { books }: Situation): Account {
  const account = books.account(reservation);
  invariant(account, 'a reservation is on an existing account');
  return account;
}

function planStep(step: PlannedReservationFact): Plan {
  return { openedAccounts: [], facts: [step], answerIndex: 0 };
}
