export { freePort } from '@steelyard/processes';
export { startApp, type RunningApp } from './running-app.js';
export { startPlatform, type PlatformOptions, type RunningPlatform } from './running-platform.js';
export { createTokenIssuer, type Role, type TokenIssuer } from './token-issuer.js';
