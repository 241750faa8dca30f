import { join } from 'node:path';
import { EmbeddedPostgres, EmbeddedPostgresError } from '@steelyard/embedded-postgres';
import { freePort } from '@steelyard/processes';
import { LaunchError } from './launch-error.js';
import type { LaunchConfig } from './launch-config.js';

/** A free port can be taken by another program before the server binds it; a third time is no coincidence. */
const PORT_ATTEMPTS_MAX = 3;

/** Starts the embedded server of a data directory, on the given port or a free one. */
export async function startDatabase(
  config: LaunchConfig,
  port: number | undefined,
): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await EmbeddedPostgres.start({
        dataDir: config.dataDir,
        port: port ?? (await freePort()),
        logFile: join(config.logsDir, 'postgres.log'),
      });
    } catch (error) {
      if (!(error instanceof EmbeddedPostgresError)) throw error;
      const isLastAttempt = port !== undefined || attempt === PORT_ATTEMPTS_MAX;
      if (error.failure !== 'PORT_BUSY' || isLastAttempt) throw asLaunchError(error);
    }
  }
}

function asLaunchError(error: EmbeddedPostgresError): LaunchError {
  const hint = error.failure === 'PORT_BUSY' ? ', change POSTGRES_PORT' : '';
  return new LaunchError(`${error.message}${hint}`, { cause: error });
}
