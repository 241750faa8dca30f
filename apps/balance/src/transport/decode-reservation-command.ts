import type { balanceV1 } from '@steelyard/contracts/grpc';
import { parseAccountId, parseName } from '@steelyard/domain/accounts';
import { parsePositiveAmount } from '@steelyard/domain/money';
import type { Reserve } from '@steelyard/domain/posting';
import type { ReservationTarget } from '@steelyard/domain/reservations';
import { isRefusal, refuse, type Refusal } from '@steelyard/domain/result';
import type {
  CommitReservationById,
  ExtendReservationById,
  ReleaseReservationById,
} from '../application/execute-commands/command-request.js';
import { decodeDetails, decodeOptionalAmount, decodeText, type TextRule } from './decode-parts.js';

const REFERENCE: TextRule = { lengthMax: 128 };
const SECOND_MS = 1_000;

export function decodeReserve(wire: balanceV1.Reserve): Reserve | Refusal {
  const accountId = parseAccountId(wire.accountId);
  if (isRefusal(accountId)) return accountId;
  const amount = parsePositiveAmount(wire.amount, 'amount');
  if (isRefusal(amount)) return amount;
  const target = decodeTarget(wire);
  if (isRefusal(target)) return target;
  const reference = decodeText(wire.reference, 'reference', REFERENCE) ?? null;
  if (isRefusal(reference)) return reference;
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  // How long at most is a rule of reservations, wherever they come from.
  const timeout = wire.timeoutSeconds === 0 ? {} : { timeoutMs: wire.timeoutSeconds * SECOND_MS };
  return { kind: 'reserve', accountId, amount, target, ...timeout, reference, details };
}

function decodeTarget({ accountId, target }: balanceV1.Reserve): ReservationTarget | Refusal {
  switch (target?.$case) {
    case undefined:
      return { kind: 'world' };
    case 'tableId': {
      const tableId = parseName(target.value, 'tableId');
      return isRefusal(tableId) ? tableId : { kind: 'table', tableId };
    }
    case 'toAccountId': {
      const to = parseAccountId(target.value, 'to');
      if (isRefusal(to)) return to;
      if (to !== accountId) return { kind: 'account', accountId: to };
      return refuse('SAME_ACCOUNT', 'accountId and to must be two accounts', 'to');
    }
  }
}

export function decodeCommitReservation(wire: balanceV1.CommitReservation): CommitReservationById | Refusal {
  const amount = decodeOptionalAmount(wire);
  if (isRefusal(amount)) return amount;
  const details = decodeDetails(wire.details);
  if (isRefusal(details)) return details;
  return { kind: 'commit-reservation-by-id', reservationId: wire.reservationId, ...amount, details };
}

export function decodeReleaseReservation({
  reservationId,
  details: wire,
}: balanceV1.ReleaseReservation): ReleaseReservationById | Refusal {
  const details = decodeDetails(wire);
  return isRefusal(details) ? details : { kind: 'release-reservation-by-id', reservationId, details };
}

export function decodeExtendReservation({
  reservationId,
  timeoutSeconds,
  details: wire,
}: balanceV1.ExtendReservation): ExtendReservationById | Refusal {
  const details = decodeDetails(wire);
  if (isRefusal(details)) return details;
  const timeoutMs = timeoutSeconds * SECOND_MS;
  return { kind: 'extend-reservation-by-id', reservationId, timeoutMs, details };
}
