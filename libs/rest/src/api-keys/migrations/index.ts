import { sqlMigration } from '@steelyard/platform/postgres';
import { CREATE_API_KEYS } from './0001-api-keys.sql.js';
import { CREATE_AUDIT_OUTBOX } from './0002-audit-outbox.sql.js';

/** In order; forward only. */
export const API_KEY_MIGRATIONS = [
  sqlMigration(1, 'api-keys', CREATE_API_KEYS),
  sqlMigration(2, 'audit-outbox', CREATE_AUDIT_OUTBOX),
];

export const API_KEY_SCHEMA = 'gateway';
/** Processes that migrate this schema take turns under it; any number that no other schema uses. */
export const API_KEY_MIGRATION_LOCK = 7_305_003n;
