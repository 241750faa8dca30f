import { loadConfig } from './config.js';
import { setUpSchema } from './infrastructure/postgres/schema-setup.js';

/** Brings the database up to date without starting the app: for deployments that migrate in a step of their own. */
const config = loadConfig();
await setUpSchema(config.DATABASE_URL, {
  buckets: config.BUCKETS,
  defaultCurrency: config.DEFAULT_CURRENCY,
});
