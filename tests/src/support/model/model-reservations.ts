import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { ModelBooks, Movement } from './model-books.js';
import { modelMetadata } from './model-parts.js';
import { availableOf, refuseInactive, refuseMove } from './model-rules.js';
import type { ModelTables } from './model-tables.js';
import {
  AMOUNT_MAX,
  refused,
  type Answer,
  type Body,
  type BodyOf,
  type ModelAccount,
  type ModelReservation,
  type RefusedAnswer,
  type ReservationTarget,
} from './model.types.js';

type StepCase = 'commitReservation' | 'releaseReservation' | 'extendReservation';
type StepBody = Extract<Body, { $case: StepCase }>;

const DEFAULT_TIMEOUT_MS = 30_000;
const TIMEOUT_SECONDS_MAX = 86_400;

/** True for what is done with a reservation that is there already. */
export function isReservationStep(body: Body): body is StepBody {
  return ['commitReservation', 'releaseReservation', 'extendReservation'].includes(body.$case);
}

/** A reservation as texts; of the answer to a step, or of a read. */
export function reservationText(reservation: ModelReservation): Readonly<Record<string, string>> {
  const { accountId, currency, status, target, reference, metadata } = reservation;
  const { amount, captured, createdAt, expiresAt, resolvedAt, balanceAfter, availableAfter } = reservation;
  const to = target.kind === 'world' ? '' : target.kind === 'table' ? target.tableId : target.accountId;
  const texts = { accountId, currency, status, target: `${target.kind} ${to}`, reference, metadata };
  const numbers = { amount, captured, createdAt, expiresAt, resolvedAt };
  // When an expiry is written down depends on who looks first.
  const after = status === 'EXPIRED' ? {} : { balanceAfter, availableAfter };
  const entries = Object.entries({ ...texts, ...numbers, ...after });
  return Object.fromEntries(entries.map(([name, value]) => [name, `${value}`]));
}

/** Funds that are held: begun once, ended once. */
export class ModelReservations {
  readonly #books: ModelBooks;
  readonly #tables: ModelTables;

  constructor(books: ModelBooks, tables: ModelTables) {
    this.#books = books;
    this.#tables = tables;
  }

  refuseUnknown(reservationId: string): RefusedAnswer | undefined {
    if (this.#books.reservations.has(reservationId)) return undefined;
    return refused('RESERVATION_NOT_FOUND', 'reservationId');
  }

  accountOf(reservationId: string): string {
    return this.#books.reservations.get(reservationId)?.accountId ?? '';
  }

  /** Ends all that is due. */
  expire(): void {
    for (const reservation of this.#books.reservations.values()) {
      if (reservation.status !== 'HELD' || reservation.expiresAt > this.#books.now) continue;
      this.#endHold(reservation, 'EXPIRED', reservation.expiresAt);
    }
  }

  decide(body: StepBody | Extract<Body, { $case: 'reserve' }>, key: string): Answer {
    if (body.$case === 'reserve') return this.#reserve(body.value);
    const reservation = this.#books.reservations.get(body.value.reservationId);
    if (!reservation) return refused('RESERVATION_NOT_FOUND', 'reservationId');
    switch (body.$case) {
      case 'commitReservation':
        return this.#commit(reservation, body.value, key);
      case 'releaseReservation':
        return this.#release(reservation);
      case 'extendReservation':
        return this.#extend(reservation, body.value.timeoutSeconds);
    }
  }

  #reserve(wanted: BodyOf<'reserve'>): Answer {
    const { accountId, amount, timeoutSeconds, reference, details } = wanted;
    const account = this.#books.find(accountId);
    if (!account) return refused('ACCOUNT_NOT_FOUND', 'accountId');
    const target = targetOf(wanted.target);
    const refusal =
      (timeoutSeconds > TIMEOUT_SECONDS_MAX ? refused('INVALID_REQUEST', 'timeoutSeconds') : undefined) ??
      refuseInactive(account, 'accountId') ??
      (isOutOfRange(account.balance - amount) ? refused('AMOUNT_OUT_OF_RANGE', 'amount') : undefined) ??
      (availableOf(account) < amount ? refused('INSUFFICIENT_BALANCE', 'amount') : undefined) ??
      (isOutOfRange(account.held + amount) ? refused('AMOUNT_OUT_OF_RANGE', 'amount') : undefined) ??
      this.#refuseTarget(account, target);
    if (refusal) return refusal;
    const { currency, balance } = account;
    this.#books.alter(account, { held: account.held + amount });
    const createdAt = this.#books.now;
    const reservation: ModelReservation = {
      ...{ accountId, currency, amount, target, reference, createdAt },
      metadata: modelMetadata(details),
      status: 'HELD',
      captured: 0n,
      expiresAt: createdAt + (timeoutSeconds === 0 ? DEFAULT_TIMEOUT_MS : timeoutSeconds * 1_000),
      resolvedAt: undefined,
      balanceAfter: balance,
      availableAfter: availableOf(account),
      transaction: undefined,
      id: '',
    };
    return answerOf(reservation);
  }

  #refuseTarget(account: ModelAccount, target: ReservationTarget): RefusedAnswer | undefined {
    if (target.kind !== 'account') return undefined;
    const to = this.#books.find(target.accountId);
    if (!to) return refused('ACCOUNT_NOT_FOUND', 'to');
    if (to.currency !== account.currency) return refused('CURRENCY_MISMATCH', 'to');
    return refuseInactive(to, 'to');
  }

  #commit(reservation: ModelReservation, wanted: BodyOf<'commitReservation'>, key: string): Answer {
    const { status, captured } = reservation;
    const amount = wanted.amount ?? reservation.amount;
    if (status === 'COMMITTED') {
      if (wanted.amount === undefined || wanted.amount === captured) return answerOf(reservation);
      return refused('ALREADY_COMMITTED', 'amount');
    }
    if (status === 'EXPIRED') return refused('RESERVATION_EXPIRED', 'reservationId');
    if (status === 'RELEASED') return refused('RESERVATION_NOT_HELD', 'reservationId');
    if (amount > reservation.amount) return refused('CAPTURE_EXCEEDS_HOLD', 'amount');
    const account = this.#accountOf(reservation);
    const inactive = refuseInactive(account, 'reservationId');
    if (inactive) return inactive;
    const to = this.#receiverOf(reservation, account);
    if ('code' in to) return to;
    const released = { ...account, held: account.held - reservation.amount };
    const refusal = refuseMove(released, -amount, to.type) ?? refuseMove(to.account, amount, to.type);
    if (refusal) return refusal;
    // The hold and the movement are one change of the account.
    this.#books.change(account, { held: account.held - reservation.amount });
    const movements: Movement[] = [
      { account, amount: -amount },
      { account: to.account, amount },
    ];
    const extra = { reservationId: reservation.id, ...(to.tableId && { tableId: to.tableId }) };
    const metadata = modelMetadata(wanted.details, extra);
    const transaction = this.#books.record({ type: to.type, movements, key, metadata });
    this.#end(reservation, { status: 'COMMITTED', captured: amount, transaction });
    return answerOf(reservation);
  }

  #receiverOf(
    { target }: ModelReservation,
    account: ModelAccount,
  ): { readonly account: ModelAccount; readonly type: string; readonly tableId?: string } | RefusedAnswer {
    switch (target.kind) {
      case 'world':
        return { account: this.#books.system('@world', account), type: 'WITHDRAW' };
      case 'table': {
        const { tableId } = target;
        return { account: this.#tables.table(tableId, account.currency), type: 'BUY_IN', tableId };
      }
      case 'account': {
        const to = this.#books.find(target.accountId);
        if (!to) return refused('ACCOUNT_NOT_FOUND', 'to');
        return refuseInactive(to, 'to') ?? { account: to, type: 'TRANSFER' };
      }
    }
  }

  #release(reservation: ModelReservation): Answer {
    if (reservation.status === 'COMMITTED') return refused('ALREADY_COMMITTED', 'reservationId');
    if (reservation.status === 'HELD') this.#endHold(reservation, 'RELEASED', this.#books.now);
    return answerOf(reservation);
  }

  #extend(reservation: ModelReservation, timeoutSeconds: number): Answer {
    const { status } = reservation;
    if (timeoutSeconds === 0 || timeoutSeconds > TIMEOUT_SECONDS_MAX)
      return refused('INVALID_REQUEST', 'timeoutSeconds');
    if (status === 'COMMITTED') return refused('ALREADY_COMMITTED', 'reservationId');
    if (status === 'EXPIRED') return refused('RESERVATION_EXPIRED', 'reservationId');
    if (status === 'RELEASED') return refused('RESERVATION_NOT_HELD', 'reservationId');
    const account = this.#accountOf(reservation);
    this.#books.alter(account, {});
    const expiresAt = this.#books.now + timeoutSeconds * 1_000;
    const after = { balanceAfter: account.balance, availableAfter: availableOf(account) };
    this.#books.change(reservation, { expiresAt, ...after });
    return answerOf(reservation);
  }

  #endHold(reservation: ModelReservation, status: 'RELEASED' | 'EXPIRED', resolvedAt: number): void {
    const account = this.#accountOf(reservation);
    this.#books.alter(account, { held: account.held - reservation.amount });
    this.#end(reservation, { status, resolvedAt });
  }

  #end(reservation: ModelReservation, changes: Partial<ModelReservation>): void {
    const account = this.#accountOf(reservation);
    const after = { balanceAfter: account.balance, availableAfter: availableOf(account) };
    this.#books.change(reservation, { resolvedAt: this.#books.now, ...changes, ...after });
  }

  #accountOf({ accountId }: ModelReservation): ModelAccount {
    const account = this.#books.find(accountId);
    if (!account) throw new Error(`the model has lost ${accountId}`);
    return account;
  }
}

function answerOf(reservation: ModelReservation): Answer {
  const { transaction } = reservation;
  return { kind: 'reservation', state: reservationText(reservation), reservation, transaction };
}

function isOutOfRange(amount: bigint): boolean {
  return amount > AMOUNT_MAX || amount < -AMOUNT_MAX;
}

function targetOf(target: balanceV1.Reserve['target']): ReservationTarget {
  switch (target?.$case) {
    case 'toAccountId':
      return { kind: 'account', accountId: target.value };
    case 'tableId':
      return { kind: 'table', tableId: target.value };
    case undefined:
      return { kind: 'world' };
  }
}
