import type { SeededRandom } from '@steelyard/testing/seed';
import { zipf } from './zipf.js';

/** How commands spread over accounts. */
export const LOADS = ['uniform', 'zipf', 'hot'] as const;
export type Load = (typeof LOADS)[number];

const ZIPF_EXPONENT = 1.1;
const HOT_SHARE = 0.9;
const HOT_ACCOUNT = 0;

/** Draws the index of the account that the next command is about. */
export function accountChoice(load: Load, accounts: number, random: SeededRandom): () => number {
  const uniform = (): number => random.integer(0, accounts - 1);
  switch (load) {
    case 'uniform':
      return uniform;
    case 'zipf':
      return zipf(accounts, ZIPF_EXPONENT, random);
    case 'hot':
      return () => (random.chance(HOT_SHARE) ? HOT_ACCOUNT : uniform());
  }
}

/** Any account but one. */
export function otherThan(account: number, accounts: number, random: SeededRandom): number {
  return (account + random.integer(1, accounts - 1)) % accounts;
}
