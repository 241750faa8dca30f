import { startRedisServer } from '@steelyard/processes';
import { startKillableServer, type KillableServer } from '../servers/index.js';

export { requireServer } from '../servers/index.js';

/**
 * Starts a Redis (append-only file, synced every second) of the test's own, on a free port, which the test may kill.
 *
 * @param args further command-line arguments of the server
 */
export function startRedis(args: readonly string[] = []): Promise<KillableServer> {
  return startKillableServer('redis', startRedisServer, args);
}
