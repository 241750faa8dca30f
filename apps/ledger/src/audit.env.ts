import { milliseconds } from '@steelyard/platform/config';

const HOUR_MS = 3_600_000;

/** Verification of the audit trail in the background. Both decide what it costs. */
export const auditEnv = {
  /** How often it takes a piece, and for how long. */
  LEDGER_AUDIT_VERIFY_INTERVAL_MS: milliseconds(5_000, HOUR_MS),
  LEDGER_AUDIT_VERIFY_BUDGET_MS: milliseconds(250, 5_000),
} as const;
