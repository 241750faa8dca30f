import type { AccountEnd } from './verification-reads.port.js';

/** A chain that was found wrong, and from where it has to be proven again. */
export interface MarkedChain {
  readonly bucket: number;
  readonly accountId: string;
  readonly restart: AccountEnd;
}

/** Chains that were found wrong: new facts do not continue them until they are proven again. */
export abstract class ChainMarks {
  /** Marks chains, unless they are marked already. Returns how many were not. */
  abstract mark(chains: readonly MarkedChain[]): Promise<number>;

  /** Those that were not tried since, first whose last try is longest ago. Milliseconds since 1970-01-01 UTC. */
  abstract marked(triedBeforeMs: number, limit: number): Promise<readonly MarkedChain[]>;

  /** The chain is not right yet: `chain.restart` is where the next try begins. */
  abstract postpone(chain: MarkedChain): Promise<void>;

  /** The chain is right, and proven through `end`. */
  abstract clear(chain: MarkedChain, end: AccountEnd): Promise<void>;
}
