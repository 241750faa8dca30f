import {
  idempotencyKey,
  type Journalled,
  type PotOutcome,
  type Result,
  type SettleInput,
  type Steelyard,
} from '@steelyard/client';
import type { Movement, Payout } from '../game/index.js';

/** The house is not a player: keys of pots name it where keys of seats name theirs. */
const ALL_SEATS = 'table';

/**
 * Carries out what the game moves, through the permissive client: while the platform is away the movement stands in
 * the client's journal, the hand goes on, and everything is booked in order when the platform is back.
 */
export class PotKeeper {
  constructor(private readonly platform: Steelyard<Journalled>) {}

  carryOut(tableId: string, movement: Movement): Promise<Result<PotOutcome> | Journalled> {
    const { tables } = this.platform;
    const { handId, number } = movement;
    const keyOf = (userId: string) => ({
      // The hand and the movement's number in it instead of a time: after a crash the very same key is sent again.
      idempotencyKey: idempotencyKey.of(movement.kind, tableId, userId, `${handId}/${number}`),
    });
    switch (movement.kind) {
      case 'contribute': {
        const { seatId, userId, amount, type } = movement;
        return tables.contribute({ tableId, handId, seatId, accountId: userId, amount, type }, keyOf(userId));
      }
      case 'return': {
        const { seatId, userId, amount } = movement;
        return tables.returnContribution({ tableId, handId, seatId, amount }, keyOf(userId));
      }
      case 'settle':
        return tables.settle({ tableId, handId, ...payoutOf(movement.payout) }, keyOf(ALL_SEATS));
      case 'cancel':
        return tables.cancel({ tableId, handId, reason: movement.reason }, keyOf(ALL_SEATS));
    }
  }
}

function payoutOf(payout: Payout): Pick<SettleInput, 'winners' | 'showdown'> {
  switch (payout.by) {
    case 'amounts':
      return {
        winners: payout.winners.map(({ userId, seatId, amount }) => ({ seatId, accountId: userId, amount })),
      };
    case 'ranking':
      return {
        showdown: payout.hands.map(({ userId, seatId, rank }) => ({ seatId, accountId: userId, rank })),
      };
  }
}
