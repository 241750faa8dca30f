export { startPostgres, type TestPostgres } from './test-postgres.js';
export { useDatabase, type TestDatabase } from './test-database.js';
