import { sqlMigration } from '@steelyard/platform/postgres';
import { CREATE_FACT_INBOX, FACT_INBOX_GRANTS } from './0001-fact-inbox.sql.js';
import { ALERTS_GRANTS, CREATE_ALERTS } from './0002-alerts.sql.js';

/** All migrations of the app's tables, in order; forward only. */
export const NOTIFICATIONS_MIGRATIONS = [
  sqlMigration(1, 'FactInbox', CREATE_FACT_INBOX),
  sqlMigration(2, 'Alerts', CREATE_ALERTS),
];

/** What the app's role may do. */
export const NOTIFICATIONS_GRANTS = ['usage on schema notifications', ...FACT_INBOX_GRANTS, ...ALERTS_GRANTS];
