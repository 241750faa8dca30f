export {
  asOfClock,
  balancesAfter,
  isDue,
  RESERVATION_STATUSES,
  withHold,
  withoutHold,
  type Reservation,
  type ReservationStatus,
  type ReservationTarget,
  type ReservationTerms,
} from './reservation.js';
export { reservationFromJson, reservationTargetFromJson, reservationToJson } from './reservation-snapshot.js';
