export {
  netContribution,
  POT_SEATS_MAX,
  POT_STATUSES,
  potTotal,
  seatOf,
  withSeat,
  type Pot,
  type PotKey,
  type PotSeat,
  type PotStatus,
} from './pot.js';
export { potSeatsFromJson, potSeatsToJson } from './pot-snapshot.js';
export {
  ESCROW_POLICIES,
  escrowPolicyOf,
  inflationOf,
  openedPotAccount,
  openedTable,
  tableMetadataJson,
  withEscrowPolicy,
  type EscrowPolicy,
  type TablePlace,
} from './table-account.js';
