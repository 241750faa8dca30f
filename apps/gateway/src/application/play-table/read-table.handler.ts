import type { balanceV1 } from '@steelyard/contracts/grpc';
import { sidePots, type SidePot } from '@steelyard/domain/pots';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import type { TablesPort } from '../ports/tables.port.js';
import type { HandPlace } from './play-hand.handler.js';

/** A pot and, when it was asked for, the main and side pots that it is made of. */
export interface PotRead {
  readonly kind: 'pot';
  readonly pot: balanceV1.Pot;
  readonly sidePots: readonly SidePot[] | undefined;
}

/** Reads tables and the pots of their hands. */
export class ReadTableHandler {
  constructor(private readonly tables: TablesPort) {}

  table(request: balanceV1.GetTableRequest): Promise<balanceV1.Table | Refused> {
    return this.tables.getTable(request);
  }

  /** @param foldedSeats seats that cannot win any more; undefined: do not compute side pots */
  async pot(place: HandPlace, foldedSeats?: readonly number[]): Promise<PotRead | Refused> {
    const pot = await this.tables.getPot(place);
    if (isRefused(pot)) return pot;
    return { kind: 'pot', pot, sidePots: foldedSeats && sidePots(contributionsTo(pot), foldedSeats) };
  }
}

function contributionsTo({ seats }: balanceV1.Pot): { seatId: number; amount: bigint }[] {
  return seats.map(({ seatId, contributed, returned }) => ({ seatId, amount: contributed - returned }));
}
