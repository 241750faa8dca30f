import { randomUUID } from 'node:crypto';
import { SteelyardUnavailableError } from '@steelyard/client';
import {
  allowed,
  broken,
  checkBuyIn,
  confirmBuyIn,
  confirmCashOut,
  dropBuyIn,
  dropCashOut,
  seatOf,
  startCashOut,
  startTopUp,
  takeSeat,
  type OpenBuyIn,
  type Ruled,
  type Seat,
  type Table,
} from '../game/index.js';
import type { Cashier } from '../money/cashier.js';
import type { LiveTable } from '../state/live-table.js';
import type { AskedHold } from '../state/table-record.js';
import type { Answer } from './answer.js';

export interface JoinRequest {
  readonly userId: string;
  readonly seatId: number;
  readonly amount: bigint;
  readonly autoTopUp: boolean;
}

/** What changed hands over the desk. */
export interface DeskReceipt {
  readonly seatId: number;
  readonly amount: bigint;
}

type SeatAt = (table: Table, buyIn: OpenBuyIn) => Ruled<Table>;

/**
 * Players come and go. Every step is written down before the platform is asked, so that a process that was killed
 * anywhere in between finishes it when it starts again, see {@link recover}.
 */
export class Desk {
  constructor(private readonly cashier: Cashier) {}

  /** Hold the chips, take the seat, move the chips; or give the hold back when the seat is gone. */
  async join(live: LiveTable, request: JoinRequest): Promise<Answer<DeskReceipt>> {
    const checked = checkBuyIn(live.rules, request);
    if (!checked.ok) return checked;
    // The seat is looked at once, when the hold stands. Looking before, too, would decide nothing: two players can
    // see the same free seat.
    return this.#buyIn(live, request, (table, buyIn) => takeSeat(table, request, buyIn));
  }

  /** More chips for a player who sits. Also how winnings come back to the table: they are on the account. */
  async topUp(live: LiveTable, userId: string, amount: bigint): Promise<Answer<DeskReceipt>> {
    const seat = seatOfUser(live.record.table, userId);
    if (!seat.ok) return seat;
    const { seatId } = seat.value;
    return this.#buyIn(live, { userId, seatId, amount }, (table, buyIn) => startTopUp(table, seatId, buyIn));
  }

  /** First the chips go to the account, then the seat is free. */
  async leave(live: LiveTable, userId: string): Promise<Answer<DeskReceipt>> {
    const seat = seatOfUser(live.record.table, userId);
    if (!seat.ok) return seat;
    const { seatId } = seat.value;
    await this.cashier.bringBooksUpToDate();
    const cashOutId = randomUUID();
    const standing = await live.change((record) => {
      const standingUp = startCashOut(record.table, seatId, cashOutId);
      return standingUp.ok ? allowed({ ...record, table: standingUp.value }) : standingUp;
    });
    return standing.ok ? this.#payOut(live, seatId) : standing;
  }

  /**
   * Finishes what was open when the process ended or the platform went away: holds without a seat are released,
   * seats get their chips or are cleared, cash-outs are paid. Everything has its key, so nothing happens twice.
   */
  async recover(live: LiveTable): Promise<void> {
    const { asked, table } = live.record;
    if (asked.length === 0 && table.seats.every(({ open }) => open === undefined)) return;
    await this.cashier.bringBooksUpToDate();
    for (const hold of asked) {
      if (!live.underWay.has(hold.buyInId)) await this.#giveUp(live, hold);
    }
    for (const { seatId, open } of table.seats) {
      if (open?.kind === 'buy-in' && !live.underWay.has(open.buyInId)) await this.#commit(live, seatId, open);
      if (open?.kind === 'cash-out') await this.#payOut(live, seatId);
    }
  }

  async #buyIn(
    live: LiveTable,
    request: { readonly userId: string; readonly seatId: number; readonly amount: bigint },
    seatAt: SeatAt,
  ): Promise<Answer<DeskReceipt>> {
    await this.cashier.bringBooksUpToDate();
    const { userId, seatId, amount } = request;
    const hold: AskedHold = { buyInId: randomUUID(), userId, amount };
    live.underWay.add(hold.buyInId);
    try {
      await live.change((record) => allowed({ ...record, asked: [...record.asked, hold] }));
      const held = await this.cashier.hold(live.rules.tableId, hold);
      if (!held.ok) {
        await forget(live, hold);
        return held;
      }
      const { reservationId } = held.value;
      const open: OpenBuyIn = { kind: 'buy-in', buyInId: hold.buyInId, reservationId, amount };
      const seated = await live.change((record) => {
        const taken = seatAt(record.table, open);
        return taken.ok
          ? allowed({ ...record, table: taken.value, asked: without(record.asked, hold) })
          : taken;
      });
      if (!seated.ok) {
        await this.#giveUpIfPossible(live, hold);
        return seated;
      }
      return await this.#commit(live, seatId, open);
    } finally {
      live.underWay.delete(hold.buyInId);
    }
  }

  async #commit(live: LiveTable, seatId: number, open: OpenBuyIn): Promise<Answer<DeskReceipt>> {
    // Thrown from here, the commit may have happened: the seat stays taken, and recovery asks again.
    const committed = await this.cashier.commit(open.reservationId);
    if (!committed.ok) {
      await live.changeTable((table) => dropBuyIn(table, seatId, open.buyInId));
      await this.cashier.releaseIfPossible(open.reservationId);
      return committed;
    }
    await live.changeTable((table) => confirmBuyIn(table, seatId, open.buyInId));
    return allowed({ seatId, amount: open.amount });
  }

  async #payOut(live: LiveTable, seatId: number): Promise<Answer<DeskReceipt>> {
    const seat = seatOf(live.record.table, seatId);
    if (seat?.open?.kind !== 'cash-out') return broken('SEAT_EMPTY', `Seat ${seatId} was cleared before`);
    const { cashOutId, amount } = seat.open;
    if (amount > 0n) {
      const { userId } = seat;
      const paid = await this.cashier.payOut(live.rules.tableId, { seatId, userId, amount, cashOutId });
      if (!paid.ok) {
        await live.changeTable((table) => dropCashOut(table, seatId, cashOutId));
        return paid;
      }
    }
    await live.changeTable((table) => confirmCashOut(table, seatId, cashOutId));
    return allowed({ seatId, amount });
  }

  /** Under its key, the hold that was asked for answers with its id, whether or not the first answer arrived. */
  async #giveUp(live: LiveTable, hold: AskedHold): Promise<void> {
    const held = await this.cashier.hold(live.rules.tableId, hold);
    if (held.ok) await this.cashier.release(held.value.reservationId);
    await forget(live, hold);
  }

  /** The player is told about the seat at once; what could not be released now, recovery releases. */
  async #giveUpIfPossible(live: LiveTable, hold: AskedHold): Promise<void> {
    try {
      await this.#giveUp(live, hold);
    } catch (error) {
      if (!(error instanceof SteelyardUnavailableError)) throw error;
    }
  }
}

function seatOfUser(table: Table, userId: string): Ruled<Seat> {
  const seat = table.seats.find((taken) => taken.userId === userId);
  return seat === undefined ? broken('SEAT_EMPTY', 'This player does not sit at the table') : allowed(seat);
}

function without(asked: readonly AskedHold[], { buyInId }: AskedHold): readonly AskedHold[] {
  return asked.filter((hold) => hold.buyInId !== buyInId);
}

async function forget(live: LiveTable, hold: AskedHold): Promise<void> {
  await live.change((record) => allowed({ ...record, asked: without(record.asked, hold) }));
}
