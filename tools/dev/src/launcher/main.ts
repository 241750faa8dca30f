import { fileURLToPath } from 'node:url';
import { developmentSecret, developmentToken } from './development-token.js';
import { LaunchError } from './launch-error.js';
import { readLaunchConfig, type LaunchConfig } from './launch-config.js';
import { lockDataDir } from './launcher-lock.js';
import { Platform } from './platform.js';
import { checkPorts } from './port-check.js';
import { onStopRequest } from '../process/stop-request.js';
import { summary } from './summary.js';

const REPOSITORY_DIR = fileURLToPath(new URL('../../../../', import.meta.url));

/** Runs the whole platform on this machine until it is told to stop. */
async function main(): Promise<void> {
  const startedAt = Date.now();
  const config = readLaunchConfig(REPOSITORY_DIR, process.env);
  process.once('exit', lockDataDir(config.dataDir));
  await checkPorts(config);
  const platform = new Platform(config, { onNotice: print, onGivenUp: (text) => end(text, 1) });
  const end = endOnce(platform);
  onStopRequest((reason) => end(reason, 0));
  try {
    const isUp = await platform.start();
    if (isUp) print(await describePlatform(config, platform, startedAt));
  } catch (error) {
    end(describeError(error), 1);
  }
}

/** Stops the platform and ends this process; only the first call counts. */
function endOnce(platform: Platform): (why: string, exitCode: number) => void {
  let isEnding = false;
  return (why, exitCode) => {
    if (isEnding) return;
    isEnding = true;
    print(`${why}\nstopping …`);
    platform
      .stop()
      .then(() => print('stopped'))
      .catch((error: unknown) => print(describeError(error)))
      .finally(() => process.exit(exitCode));
  };
}

async function describePlatform(
  config: LaunchConfig,
  platform: Platform,
  startedAt: number,
): Promise<string> {
  const secret = developmentSecret(config);
  const token = secret === undefined ? undefined : await developmentToken(config, secret);
  return summary(config, platform, { startedInMs: Date.now() - startedAt, token });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function describeError(error: unknown): string {
  if (error instanceof LaunchError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exit(1);
});
