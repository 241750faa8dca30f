export {
  type AccountApiPorts,
  type AccountApiSettings,
  composeAccountApi,
} from './account-api.composition.js';
export { accountApiEnv } from './account-api.env.js';
export { ACCOUNT_CONTROLLERS } from './account-controllers.js';
export { openCallers } from './open-callers.js';
