export { act, type Action } from './acting.js';
export { startHand } from './dealing.js';
export { abortHand, settleHand, type Showdown } from './ending.js';
export { potOf } from './hand.js';
export type { Contribution, Movement, Payout, Settlement, Step } from './movement.js';
export { allowed, broken, type Broken, type RuleCode, type Ruled } from './rule.js';
export {
  checkBuyIn,
  confirmBuyIn,
  confirmCashOut,
  dropBuyIn,
  dropCashOut,
  startCashOut,
  startTopUp,
  takeSeat,
  type SeatRequest,
} from './seating.js';
export {
  newTable,
  seatOf,
  type Hand,
  type OpenBuyIn,
  type OpenCashOut,
  type Seat,
  type Table,
  type TableRules,
} from './table.js';
