import { host, milliseconds, port, positiveInt } from '@steelyard/platform/config';

const HOUR_MS = 3_600_000;
const ATTEMPTS_MAX = 1_000;

/** The variables of every app that consumes facts, to be spread into its schema beside `commonEnv`. */
export const factEnv = {
  /** Where facts that did not come are read: the balance app. */
  BALANCE_HOST: host(),
  BALANCE_GRPC_PORT: port(50_051),
  /** A fact that could not be applied this often is stepped over. */
  FACTS_ATTEMPTS_MAX: positiveInt(5, ATTEMPTS_MAX),
  /** Before the second attempt; twice as long before each further one. */
  FACTS_RETRY_DELAY_MS: milliseconds(1_000, HOUR_MS),
  /** How often to look for facts that never came. */
  FACTS_CATCH_UP_INTERVAL_MS: milliseconds(10_000, HOUR_MS),
  /** How often facts that were stepped over are tried again. */
  FACTS_DEAD_LETTER_INTERVAL_MS: milliseconds(HOUR_MS, 24 * HOUR_MS),
};

/** What {@link factEnv} is read as, with what it needs of `commonEnv`. */
export interface FactConfig {
  readonly NATS_URL?: string | undefined;
  readonly BALANCE_HOST: string;
  readonly BALANCE_GRPC_PORT: number;
  readonly FACTS_ATTEMPTS_MAX: number;
  readonly FACTS_RETRY_DELAY_MS: number;
  readonly FACTS_CATCH_UP_INTERVAL_MS: number;
  readonly FACTS_DEAD_LETTER_INTERVAL_MS: number;
}
