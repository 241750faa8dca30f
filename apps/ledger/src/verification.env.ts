import { host, milliseconds, port } from '@steelyard/platform/config';

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

/** Verification in the background, and where its alerts go. Intervals and budgets decide what it costs. */
export const verificationEnv = {
  /** How often the background walk takes a piece, and for how long. */
  LEDGER_WALK_INTERVAL_MS: milliseconds(5_000, HOUR_MS),
  LEDGER_WALK_BUDGET_MS: milliseconds(500, 5_000),
  /** No walk over the whole ledger begins earlier than so long after the one before began. */
  LEDGER_WALK_CYCLE_MS: milliseconds(24 * HOUR_MS, 4 * WEEK_MS),
  /** How often what was committed since is verified, and for how long. */
  LEDGER_VERIFY_INTERVAL_MS: milliseconds(1_000, HOUR_MS),
  LEDGER_VERIFY_BUDGET_MS: milliseconds(500, 5_000),
  /** How often incidents that nobody has acknowledged are told to the notifications app. */
  LEDGER_ALERT_INTERVAL_MS: milliseconds(2_000, HOUR_MS),
  /** How long one slice takes of a check that a caller asked for; longer ones are taken in as many as they need. */
  LEDGER_CHECK_SLICE_MS: milliseconds(1_000, 2_000),
  NOTIFICATIONS_HOST: host(),
  NOTIFICATIONS_GRPC_PORT: port(50_053),
} as const;
