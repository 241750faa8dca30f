import { sqlMigration } from '@steelyard/platform/postgres';
import { CREATE_VERIFICATION, VERIFICATION_GRANTS } from './0001-verification.sql.js';

/** All migrations of the ledger's own tables, in order; forward only. The entries belong to the balance app. */
export const LEDGER_MIGRATIONS = [sqlMigration(1, 'Verification', CREATE_VERIFICATION)];

/** What the app's role may do. It reads what the balance app wrote, and changes its own tables alone. */
export const LEDGER_GRANTS = ['usage on schema ledger', ...VERIFICATION_GRANTS];
