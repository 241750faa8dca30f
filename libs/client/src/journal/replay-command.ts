import { refused, type Refused } from '../answers/index.js';
import type { BatchCommand, Keyed } from '../dispatch/index.js';
import type { OperationKind } from '../operations/index.js';

/** What a provisional name stands for: an id, null when the reservation was refused, undefined when it is none. */
export type LinkOf = (reservationId: string) => string | null | undefined;

/** The command with the id of its reservation instead of the provisional name; a refusal when there is none. */
export function withRealReservation<Kind extends OperationKind>(
  { kind, input, idempotencyKey }: Keyed<Kind>,
  linkOf: LinkOf,
): Keyed<Kind> | Refused {
  const real = 'reservationId' in input ? linkOf(input.reservationId) : undefined;
  if (real === null) {
    return refused('RESERVATION_NOT_FOUND', 'The reservation was refused when it was sent', 'reservationId');
  }
  return { kind, idempotencyKey, input: real === undefined ? input : { ...input, reservationId: real } };
}

/** True: it can share a request with others. A transfer with a business type of its own cannot. */
export function isBatchCommand(command: Keyed<OperationKind>): command is BatchCommand {
  switch (command.kind) {
    case 'deposit':
    case 'withdraw':
      return true;
    case 'transfer':
      return !('type' in command.input) || command.input.type === undefined;
    default:
      return false;
  }
}
