import type { balanceV1 } from '@steelyard/contracts/grpc';

// A command without its free texts: ids, key, amount, names, tags and the lengths of all of them.
const FIXED_BYTES = 512;
// A reservation or a movement at a table names up to four things beside its key.
const FIXED_TABLE_BYTES = 1_024;
// A seat of a settlement: its account and a few numbers.
const SEAT_BYTES = 192;

/** An upper estimate of a command's size on the wire, cheap enough for every request. */
export function commandBytes({ body }: balanceV1.Command): number {
  switch (body?.$case) {
    case undefined:
      return FIXED_BYTES;
    case 'setAccountStatus':
      return FIXED_BYTES + utf8Bytes(body.value.reason);
    case 'updateAccount':
      return FIXED_BYTES + utf8Bytes(body.value.metadataJson) + utf8Bytes(body.value.reason);
    case 'openAccount':
    case 'deposit':
    case 'withdraw':
    case 'change':
    case 'transfer':
    case 'reverse':
      return FIXED_BYTES + detailsBytes(body.value.details);
    case 'reserve':
    case 'commitReservation':
    case 'releaseReservation':
    case 'extendReservation':
    case 'cashOut':
    case 'contribute':
    case 'returnContribution':
    case 'cancelPot':
    case 'setTablePolicy':
      return FIXED_TABLE_BYTES + detailsBytes(body.value.details);
    case 'settlePot':
      return FIXED_TABLE_BYTES + SEAT_BYTES * seatsIn(body.value.payout) + detailsBytes(body.value.details);
  }
}

function seatsIn(payout: balanceV1.SettlePot['payout']): number {
  switch (payout?.$case) {
    case 'winners':
      return payout.value.winners.length;
    case 'showdown':
      return payout.value.hands.length;
    case undefined:
      return 0;
  }
}

function detailsBytes(details: balanceV1.Details | undefined): number {
  if (!details) return 0;
  return utf8Bytes(details.metadataJson) + utf8Bytes(details.reason) + utf8Bytes(details.performedBy);
}

function utf8Bytes(text: string | undefined): number {
  return text === undefined ? 0 : Buffer.byteLength(text);
}
