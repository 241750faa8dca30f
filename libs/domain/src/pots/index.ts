export { totalOf, type SeatContribution } from './contributions.js';
export { payoutsOf, type Winner } from './payouts.js';
export { afterRake, rakeOf, RAKE_BASIS_POINTS_MAX, type RakePolicy } from './rake.js';
export { payoutsOfShowdown, type RankedHand, type Showdown } from './showdown.js';
export { sidePots, type SidePot } from './side-pots.js';
export { scaleToSum, splitEqually, type SeatShare } from './split.js';
