import pg from 'pg';
import { DataSource, type DataSourceOptions, type Logger } from 'typeorm';
import { connectionConfig, type ConnectionOptions } from './connection-config.js';
import { WatchedPool } from './pool.js';
import type { MigrationClass } from './sql-migration.js';

/** What TypeORM needs to know. */
export interface DataSourceSettings extends ConnectionOptions {
  /** The service's own schema; its migrations table is there too. */
  readonly schema: string;
  readonly entities?: NonNullable<DataSourceOptions['entities']>;
  readonly migrations?: readonly MigrationClass[];
  /** The most connections. */
  readonly sizeMax: number;
  readonly onConnectionLost?: (error: Error) => void;
}

const saysNothing = (): void => undefined;

// Its lines hold statements with their values, and go past our logger. What fails is thrown, and logged by us.
const SILENT: Logger = {
  logQuery: saysNothing,
  logQueryError: saysNothing,
  logQuerySlow: saysNothing,
  logSchemaBuild: saysNothing,
  logMigration: saysNothing,
  log: saysNothing,
};

export const MIGRATIONS_TABLE = 'migrations';

/** A TypeORM data source over the same watched connections as createPool. Not initialized yet. */
export function createDataSource(settings: DataSourceSettings): DataSource {
  const { connectionString, connectionTimeoutMillis, ...extra } = connectionConfig(settings);
  const options: DataSourceOptions = {
    type: 'postgres',
    ...(connectionString === undefined ? {} : { url: connectionString }),
    ...(connectionTimeoutMillis === undefined ? {} : { connectTimeoutMS: connectionTimeoutMillis }),
    driver: { ...pg, Pool: WatchedPool },
    extra,
    schema: settings.schema,
    poolSize: settings.sizeMax,
    poolErrorHandler: (error: Error) => settings.onConnectionLost?.(error),
    entities: settings.entities ?? [],
    migrations: [...(settings.migrations ?? [])],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'all',
    // The schema is what migrations say; nothing else may change it.
    synchronize: false,
    installExtensions: false,
    logging: false,
    logger: SILENT,
  };
  return new DataSource(options);
}
