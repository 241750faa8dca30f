export { parseConfig, type ConfigSchema, type Environment } from './parse-config.js';
export { ConfigError, type ConfigFault } from './config-error.js';
export {
  booleanFlag,
  currencies,
  host,
  milliseconds,
  port,
  positiveInt,
  secret,
  url,
  wholeNumber,
} from './environment-types.js';
export { commonEnv, databaseRole, databaseUrl, requireNatsForItsTransport } from './app-env.js';
