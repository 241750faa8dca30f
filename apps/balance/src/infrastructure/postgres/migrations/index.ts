import { sqlMigration, type MigrationClass } from '@steelyard/platform/postgres';
import { CREATE_MONEY_CORE } from './0001-money-core.sql.js';
import { CREATE_WRITE_BATCH } from './0001-write-batch.sql.js';
import { CREATE_HOLDS_AND_POTS } from './0002-holds-and-pots.sql.js';
import { CREATE_WRITE_BATCH_2 } from './0002-write-batch.sql.js';
import { CREATE_FACT_POSITIONS } from './0003-fact-positions.sql.js';
import { CREATE_RESTORE_ACCOUNT } from './0004-restore-account.sql.js';

/** In the order in which they run. Forward only: a released one never changes. */
export const MIGRATIONS: readonly MigrationClass[] = [
  sqlMigration(1, 'MoneyCore', CREATE_MONEY_CORE + CREATE_WRITE_BATCH),
  sqlMigration(2, 'HoldsAndPots', CREATE_HOLDS_AND_POTS + CREATE_WRITE_BATCH_2),
  sqlMigration(3, 'FactPositions', CREATE_FACT_POSITIONS),
  sqlMigration(4, 'RestoreAccount', CREATE_RESTORE_ACCOUNT),
];
