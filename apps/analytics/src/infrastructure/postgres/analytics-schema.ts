import type { OwnedSchema } from '@steelyard/platform/postgres';
import { ANALYTICS_GRANTS, ANALYTICS_MIGRATIONS } from './migrations/index.js';

/** The app's own schema, and the role that it works as. */
export const ANALYTICS_SCHEMA: OwnedSchema = {
  service: 'analytics',
  schema: 'analytics',
  migrations: ANALYTICS_MIGRATIONS,
  // Any constant that no other service uses.
  migrationLockKey: 7_305_005,
  grants: ANALYTICS_GRANTS,
  createsRole: true,
  probe: 'select 1 from analytics.fact_inbox, analytics.supply_daily limit 0',
  statementTimeoutMs: 10_000,
};
