import { milliseconds } from '@steelyard/platform/config';
import { z } from 'zod';
import { RECONCILE_MODES } from './application/continue-reconciliation/continue-reconciliation.handler.js';

const MODE_DEFAULT = 'repair';

/** How accounts are compared with the ledger in the background. */
export const reconciliationEnv = {
  /** `repair`: drift is reported and restored. `report`: it is reported, and waits for somebody. */
  LEDGER_RECONCILE_MODE: z
    .enum(RECONCILE_MODES, { error: `one of ${RECONCILE_MODES.join(', ')}` })
    .default(MODE_DEFAULT),
  /** How often the background reconciliation takes a piece, and for how long: both decide what it costs. */
  LEDGER_RECONCILE_INTERVAL_MS: milliseconds(2_000, 3_600_000),
  LEDGER_RECONCILE_BUDGET_MS: milliseconds(500, 5_000),
  /** In this time every account is compared with its entries, its proven end and its open reservations once. */
  LEDGER_RECONCILE_CYCLE_MS: milliseconds(600_000, 604_800_000),
};
