import type { Pool } from '@steelyard/platform/postgres';
import type { Fact } from './fact-handler.js';

/** The service's connections. Reading the pool throws OutageError while there are none. */
export interface FactDatabase {
  readonly pool: Pool;
}

export interface InboxSettings {
  /** The service's schema, whose migrations created the inbox. */
  readonly schema: string;
  /** A fact that was tried this often becomes a dead letter. */
  readonly attemptsMax: number;
  /** Before the second attempt; twice as long before each further one. */
  readonly retryDelayMs: number;
  /** The time, in milliseconds since 1970. Default: the system's. */
  readonly now?: () => number;
}

/** A handler that could not apply a fact, and with what it failed. */
export interface HandlerFailure {
  readonly handler: string;
  readonly fact: Fact;
  readonly error: unknown;
}

/** Why facts behind the position were not applied. */
export type Obstacle =
  /** The fact after the position is not among those given. */
  | { readonly reason: 'gap'; readonly nextGiven: bigint }
  /** The fact after the position cannot be applied for now. */
  | { readonly reason: 'failing'; readonly retryAtMs: number; readonly failure?: HandlerFailure };

/** What applying facts came to. */
export interface InboxOutcome {
  /** The last fact of the bucket that took effect or was stepped over, by whomever. */
  readonly through: bigint;
  /** Facts that took effect now, in order. */
  readonly applied: readonly Fact[];
  /** How many of those given had been applied before. */
  readonly duplicates: number;
  /** Facts that were stepped over now, a line a handler that failed. */
  readonly buried: readonly HandlerFailure[];
  readonly obstacle?: Obstacle;
}
