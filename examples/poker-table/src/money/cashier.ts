import {
  idempotencyKey,
  SteelyardUnavailableError,
  type Movement as Paid,
  type PermissiveJournal,
  type Reservation,
  type Result,
  type SteelyardClient,
} from '@steelyard/client';
import type { AskedHold } from '../state/table-record.js';

/** Nothing may pass the desk while bets or winnings of the table still wait in the journal. */
export class BooksBehindError extends Error {
  override readonly name = 'BooksBehindError';

  constructor(pending: number) {
    super(`${pending} movements of earlier hands are not booked yet`);
  }
}

/**
 * Chips over the desk: from accounts to the table and back. Nobody is given chips or money on trust here, so each
 * call needs the platform, and throws SteelyardUnavailableError while it is away.
 */
export class Cashier {
  constructor(
    private readonly platform: SteelyardClient,
    private readonly journal: PermissiveJournal,
  ) {}

  /**
   * Books what was journalled during an outage. Until that is done the platform's account of the table is not what
   * the players see.
   *
   * @throws BooksBehindError while the platform is away
   */
  async bringBooksUpToDate(): Promise<void> {
    if (this.journal.pending === 0) return;
    const { pending } = await this.journal.replay();
    if (pending > 0) throw new BooksBehindError(pending);
  }

  /** First phase: the chips are the player's, and cannot be spent elsewhere. Again: the same hold. */
  hold(tableId: string, { buyInId, userId, amount }: AskedHold): Promise<Result<Reservation>> {
    return this.platform.reservations.reserve(
      { accountId: userId, tableId, amount, reference: buyInId },
      { idempotencyKey: idempotencyKey.of('reserve', tableId, userId, buyInId) },
    );
  }

  /** Second phase: account → table. Again: the first answer. */
  commit(reservationId: string): Promise<Result<Reservation>> {
    return this.platform.reservations.commit(
      { reservationId },
      { idempotencyKey: `commit:${reservationId}` },
    );
  }

  /** Second phase of a join that failed: the player can spend the chips again. */
  release(reservationId: string): Promise<Result<Reservation>> {
    const reason = 'the player did not get a seat';
    return this.platform.reservations.release(
      { reservationId, reason },
      { idempotencyKey: `release:${reservationId}` },
    );
  }

  /** As `release`, where it is no loss if the platform cannot be asked: the hold runs out by itself. */
  async releaseIfPossible(reservationId: string): Promise<void> {
    try {
      await this.release(reservationId);
    } catch (error) {
      if (!(error instanceof SteelyardUnavailableError)) throw error;
    }
  }

  /** table → account. Again with the same id: the first answer. */
  payOut(
    tableId: string,
    { seatId, userId, ...cashOut }: { seatId: number; userId: string; amount: bigint; cashOutId: string },
  ): Promise<Result<Paid>> {
    return this.platform.tables.cashOut(
      { tableId, accountId: userId, seatId, amount: cashOut.amount },
      { idempotencyKey: idempotencyKey.of('cash-out', tableId, userId, cashOut.cashOutId) },
    );
  }
}
