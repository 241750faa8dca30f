import { sqlMigration } from '@steelyard/platform/postgres';
import { CREATE_FACT_INBOX, FACT_INBOX_GRANTS } from './0001-fact-inbox.sql.js';
import { CREATE_SUPPLY, SUPPLY_GRANTS } from './0002-supply.sql.js';

/** All migrations of the app's tables, in order; forward only. */
export const ANALYTICS_MIGRATIONS = [
  sqlMigration(1, 'FactInbox', CREATE_FACT_INBOX),
  sqlMigration(2, 'Supply', CREATE_SUPPLY),
];

/** What the app's role may do. */
export const ANALYTICS_GRANTS = ['usage on schema analytics', ...FACT_INBOX_GRANTS, ...SUPPLY_GRANTS];
