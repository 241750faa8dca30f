import { RESERVATION_COLUMNS } from './reservation-row.js';

/** Reads of reservations outside the posting path. They lock nothing. */

/** Index: the primary key. */
export const READ_RESERVATION = {
  name: 'read_reservation',
  text: `select ${RESERVATION_COLUMNS} from balance.reservations as reservation
         where reservation.bucket = $1 and reservation.sequence = $2`,
};

/** Newest first. Index: reservations_by_account, read from where the page before ended. */
export const LIST_RESERVATIONS = {
  name: 'list_reservations',
  text: `select ${RESERVATION_COLUMNS} from balance.reservations as reservation
         where reservation.bucket = $1 and reservation.account_id = $2 collate "C" and reservation.sequence < $3
         order by reservation.sequence desc limit $4`,
};

/** Those that hold at $5. Index: reservations_open, which has nothing else; few enough to be sorted. */
export const LIST_HELD_RESERVATIONS = {
  name: 'list_held_reservations',
  text: `select ${RESERVATION_COLUMNS} from balance.reservations as reservation
         where reservation.bucket = $1 and reservation.account_id = $2 collate "C" and reservation.sequence < $3
           and reservation.status = 1 and reservation.expires_at_ms > $5
         order by reservation.sequence desc limit $4`,
};

/** Those that have expired by $5, written down (4) or not. Index: reservations_by_account. */
export const LIST_EXPIRED_RESERVATIONS = {
  name: 'list_expired_reservations',
  text: `select ${RESERVATION_COLUMNS} from balance.reservations as reservation
         where reservation.bucket = $1 and reservation.account_id = $2 collate "C" and reservation.sequence < $3
           and (reservation.status = 4 or (reservation.status = 1 and reservation.expires_at_ms <= $5))
         order by reservation.sequence desc limit $4`,
};

/** Those that were committed (2) or released (3), as $5 says. Index: reservations_by_account. */
export const LIST_ENDED_RESERVATIONS = {
  name: 'list_ended_reservations',
  text: `select ${RESERVATION_COLUMNS} from balance.reservations as reservation
         where reservation.bucket = $1 and reservation.account_id = $2 collate "C" and reservation.sequence < $3
           and reservation.status = $5
         order by reservation.sequence desc limit $4`,
};

/**
 * Accounts with reservations that are due at $1, from the $2 that have waited longest. Index: reservations_due,
 * which has only what is still held.
 */
export const FIND_DUE_ACCOUNTS = {
  name: 'find_due_accounts',
  text: `select distinct due.account_id from (
           select account_id from balance.reservations
           where status = 1 and expires_at_ms <= $1
           order by expires_at_ms limit $2
         ) as due`,
};
