export { factAppModule, type FactAppConfig, type FactAppSettings } from './fact-app.module.js';
