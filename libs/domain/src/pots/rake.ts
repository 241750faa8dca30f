import { invariant, refuse, type Refusal } from '../result/index.js';

/** All of the pot, in basis points (hundredths of a percent). */
export const RAKE_BASIS_POINTS_MAX = 10_000;

/** What the house keeps of a pot. It comes from the configuration, which is checked when a service starts. */
export interface RakePolicy {
  /** A whole number from 0 (no rake) to {@link RAKE_BASIS_POINTS_MAX}. */
  readonly basisPoints: number;
  /** The largest rake of one pot, in minor units; 0 for no cap. */
  readonly capChips: bigint;
  /** Pots of this many minor units and less pay no rake. */
  readonly minPotChips: bigint;
}

/** The rake of a pot in minor units: rounded down, so that the players never pay more than the rate. */
export function rakeOf(pot: bigint, { basisPoints, capChips, minPotChips }: RakePolicy): bigint {
  invariant(pot >= 0n, 'a pot is not below zero');
  invariant(
    Number.isInteger(basisPoints) && basisPoints >= 0 && basisPoints <= RAKE_BASIS_POINTS_MAX,
    `a rake is a whole number of 0 to ${RAKE_BASIS_POINTS_MAX} basis points`,
  );
  invariant(capChips >= 0n && minPotChips >= 0n, 'cap and smallest raked pot are not below zero');
  if (pot <= minPotChips) return 0n;
  const rake = (pot * BigInt(basisPoints)) / BigInt(RAKE_BASIS_POINTS_MAX);
  return capChips > 0n && rake > capChips ? capChips : rake;
}

/** What is left for the winners, in minor units. INVALID_AMOUNT for a rake below zero or above the pot. */
export function afterRake(pot: bigint, rake: bigint): bigint | Refusal {
  if (rake >= 0n && rake <= pot) return pot - rake;
  return refuse('INVALID_AMOUNT', `rake must be at least 0 and at most the pot of ${pot}`, 'rake');
}
