import { sqlMigration } from '@steelyard/platform/postgres';
import { CREATE_API_KEYS } from './0001-api-keys.sql.js';

/** In order; forward only. */
export const GATEWAY_MIGRATIONS = [sqlMigration(1, 'api-keys', CREATE_API_KEYS)];

export const GATEWAY_SCHEMA = 'gateway';
/** Processes that migrate this schema take turns under it; any number that no other schema uses. */
export const GATEWAY_MIGRATION_LOCK = 7_305_003n;
