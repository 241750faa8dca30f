import { bucketOf, tableAccountId } from '../accounts/index.js';
import type { ReservationTerms } from '../reservations/index.js';
import type { Command } from './commands.js';
import type { SettlePot } from './table-commands.js';

/** Where a command writes. */
export interface CommandPlaces {
  /** What an idempotency key belongs to: the account that pays, or the only one; of a table or a pot its name. */
  readonly keyOwner: string;
  /** Of the key's owner; the transaction is at home there. */
  readonly homeBucket: number;
  /** All buckets that it may write, home first. */
  readonly buckets: readonly number[];
}

/** Finds the places of a command in a deployment with `buckets` buckets. */
export function placesOf(command: Command, buckets: number): CommandPlaces {
  const keyOwner = keyOwnerOf(command);
  const homeBucket = command.kind === 'reverse' ? command.original.key.bucket : bucketOf(keyOwner, buckets);
  const others = othersOf(command).map((accountId) => bucketOf(accountId, buckets));
  const reversed = command.kind === 'reverse' ? command.original.legs.map((leg) => leg.bucket) : [];
  return { keyOwner, homeBucket, buckets: [...new Set([homeBucket, ...others, ...reversed])] };
}

function keyOwnerOf(command: Command): string {
  switch (command.kind) {
    case 'transfer':
      return command.fromAccountId;
    case 'reverse':
      return command.original.legs[0]?.accountId ?? '';
    case 'commit-reservation':
    case 'release-reservation':
    case 'extend-reservation':
      return command.reservation.accountId;
    case 'cash-out':
    case 'contribute':
    case 'return-contribution':
    case 'set-table-policy':
      return `@table/${command.tableId}`;
    case 'settle-pot':
    case 'cancel-pot':
      return `@pot/${command.tableId}/${command.handId}`;
    default:
      return command.accountId;
  }
}

/** Accounts of the command besides the key's owner, as far as they may be in other buckets. */
function othersOf(command: Command): readonly string[] {
  switch (command.kind) {
    case 'transfer':
      return [command.toAccountId];
    case 'reserve':
      return command.target.kind === 'account' ? [command.target.accountId] : [];
    case 'commit-reservation':
      return targetOf(command.reservation);
    case 'cash-out':
      return [command.accountId];
    case 'settle-pot':
      return winnersOf(command).map(({ accountId }) => accountId);
    default:
      return [];
  }
}

function targetOf({ target, currency }: ReservationTerms): readonly string[] {
  switch (target.kind) {
    case 'world':
      return [];
    case 'account':
      return [target.accountId];
    case 'table':
      return [tableAccountId(target.tableId, currency)];
  }
}

/** Seats that a settlement may pay, and their accounts. */
export function winnersOf({ payout }: SettlePot): readonly { seatId: number; accountId: string }[] {
  return payout.kind === 'winners' ? payout.winners : payout.hands;
}
