export { runApp } from './run-app.js';
export { createApp } from './create-app.js';
export type { AppDefinition, AppRuntime, AppConfig } from './app-definition.js';
