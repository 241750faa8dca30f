import type { OwnedSchema } from '@steelyard/platform/postgres';
import { NOTIFICATIONS_GRANTS, NOTIFICATIONS_MIGRATIONS } from './migrations/index.js';

/** The app's own schema, and the role that it works as. */
export const NOTIFICATIONS_SCHEMA: OwnedSchema = {
  service: 'notifications',
  schema: 'notifications',
  migrations: NOTIFICATIONS_MIGRATIONS,
  // Any constant that no other service uses.
  migrationLockKey: 7_305_004,
  grants: NOTIFICATIONS_GRANTS,
  createsRole: true,
  probe: 'select 1 from notifications.fact_inbox, notifications.alerts limit 0',
  statementTimeoutMs: 10_000,
};
