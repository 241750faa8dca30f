export { OutageError } from '../outage/index.js';
export { constraintOf, isOutage, isSerializationConflict, sqlStateOf } from './sqlstate.js';
export { type ConnectionOptions } from './connection-config.js';
export { createPool, type Pool, type PoolOptions } from './pool.js';
export {
  openPipelined,
  type PipelinedConnection,
  type PipelinedOptions,
  type Statement,
} from './pipelined.js';
export { inTransaction, type Isolation, type TransactionOptions } from './transaction.js';
export { createDataSource, type DataSourceSettings } from './data-source.js';
export { migrate, type MigrationRun } from './migrate.js';
export { sqlMigration, type MigrationClass } from './sql-migration.js';
export { ensureRole, RoleSetupError } from './ensure-role.js';
export {
  TimePartitions,
  timePartitionsSql,
  type PartitionRun,
  type TimePartitionedTable,
} from './time-partitions.js';
export {
  SchemaConnector,
  type OwnedSchema,
  type PoolUser,
  type SchemaConnection,
} from './schema-connector.js';
export { ServiceDatabase } from './service-database.js';
