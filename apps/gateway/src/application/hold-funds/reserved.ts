import type { balanceV1 } from '@steelyard/contracts/grpc';
import { invariant } from '@steelyard/domain/result';
import { refusalOf } from '@steelyard/rest/posting';
import type { Refused } from '@steelyard/rest/refusals';

/** A reservation as it is after a command. */
export interface Reserved {
  readonly kind: 'reserved';
  /** This is the first answer again. */
  readonly replayed: boolean;
  readonly reservation: balanceV1.Reservation;
}

/** What became of a command on a reservation. */
export function reservedOf({ result, replayed }: balanceV1.Outcome): Reserved | Refused {
  if (result?.$case === 'refusal') return refusalOf(result.value);
  invariant(result?.$case === 'reservation', 'a reservation command answers with the reservation');
  return { kind: 'reserved', replayed, reservation: result.value };
}
