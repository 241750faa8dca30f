export { requireServer } from './require-server.js';
export { startKillableServer, type KillableServer } from './killable-server.js';
