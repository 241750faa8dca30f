import { ConfigError } from '../config/index.js';
import { createLogger, createMetrics, PLATFORM_VERSION } from '../observability/index.js';
import type { AppConfig, AppDefinition } from './app-definition.js';
import { createApp } from './create-app.js';
import { AppProcess } from './app-process.js';

/** sysexits.h EX_CONFIG: supervisors can tell it from a crash, which a restart may heal. */
const EXIT_CONFIG = 78;

/**
 * Runs an app as this process, from its configuration to its exit: a wrong configuration is one line on standard
 * error and exit code 78; SIGTERM, SIGINT and the end of the IPC channel to the process that started it stop it
 * gracefully; a failure that nobody handled is logged and ends it with code 1. When the app listens, the process
 * that started it is sent `{ type: 'ready' }`.
 */
export async function runApp<Config extends AppConfig>(definition: AppDefinition<Config>): Promise<void> {
  const config = configOrExit(definition);
  const logger = createLogger(definition.name, config.LOG_LEVEL);
  const running = new AppProcess(logger);
  running.guard();
  try {
    const app = await createApp(definition, config, {
      name: definition.name,
      version: PLATFORM_VERSION,
      logger,
      metrics: createMetrics(definition.name),
      onClose: (work) => running.atTheEnd(work),
    });
    running.atTheEnd(() => app.close());
    // First, so that what modules prepare is there when the first call comes over any transport.
    await app.init();
    await app.startAllMicroservices();
    const address = { port: definition.port(config), host: definition.host(config) };
    // Not Nest's listen: that logs a failure before it throws it, and here is where it is handled.
    await app.getHttpAdapter().getInstance().listen(address);
    logger.info({ ...address, version: PLATFORM_VERSION }, 'app.listening');
    process.send?.({ type: 'ready' });
  } catch (error) {
    running.fail(error, 'app.start.failed');
  }
}

function configOrExit<Config extends AppConfig>({ name, loadConfig }: AppDefinition<Config>): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${name}: wrong configuration: ${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}
