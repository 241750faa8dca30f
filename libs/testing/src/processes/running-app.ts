import { fileURLToPath } from 'node:url';
import { APPS, AppProcess, freePort, portVariablesOf, type AppName } from '@steelyard/processes';

/** The environment given to an application; undefined leaves a variable unset. */
export type AppEnvironment = Readonly<Record<string, string | undefined>>;

/** An application under test, as a process of its own on free ports. */
export interface RunningApp {
  readonly name: AppName;
  /** Base address of its HTTP server, without a path. */
  readonly httpUrl: string;
  /** Address of its gRPC server; the gateway has none. */
  readonly grpcTarget: string | undefined;
  /** Everything the application was started with. */
  readonly env: AppEnvironment;
  /** Changes with every restart. */
  readonly pid: number | undefined;
  /** What the present process wrote, bounded. */
  logs(): string;
  kill9(): Promise<void>;
  /** Asks the application to end; returns its exit code. */
  stop(): Promise<number | null>;
  /** Starts the stopped or killed application again on the same ports, with changes to its environment if given. */
  restart(changes?: AppEnvironment): Promise<void>;
}

/** Starting takes a second or two; on a machine with other things to do, many times that. */
const READY_TIMEOUT_MS = 120_000;
const REPOSITORY_DIR = fileURLToPath(new URL('../../../../', import.meta.url));

/** Of the environment of the tests, only what any program needs: a test states everything else. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'];

/**
 * Times that do not run out because a busy machine stood still for seconds: what is about their running out sets
 * them. Commands are given up before the calls that wait for them, so that callers hear why.
 */
const PATIENCE: AppEnvironment = {
  BALANCE_COMMAND_DEADLINE_MS: '45000',
  RPC_DEADLINE_MS: '60000',
  RESERVATION_TIMEOUT_MS: '3600000',
};

/**
 * Starts `apps/<name>/dist/main.js` (which must be built) on free ports and waits until it is ready.
 * It ends with the test process at the latest.
 *
 * @param env its whole configuration, such as `DATABASE_URL`; ports that are named here are kept
 * @throws Error with the application's last lines when it does not become ready
 */
export async function startApp(name: AppName, env: AppEnvironment = {}): Promise<RunningApp> {
  const ports = await freePortsFor([name], env);
  let complete = { ...inherited(), ...PATIENCE, ...ports, ...consumersOf(name, env), ...env };
  let current = await launch(name, complete);
  return {
    name,
    get httpUrl() {
      return current.httpUrl;
    },
    get grpcTarget() {
      return current.grpcTarget;
    },
    get env() {
      return complete;
    },
    get pid() {
      return current.pid;
    },
    logs: () => current.output,
    kill9: () => current.kill9(),
    stop: async () => (await current.stop()).code,
    restart: async (changes = {}) => {
      await current.stop();
      complete = { ...complete, ...changes };
      current = await launch(name, complete);
    },
  };
}

/** A balance app that is not told where its consumers listen must not find those of somebody else. */
function consumersOf(name: AppName, env: AppEnvironment): AppEnvironment {
  return name === 'balance' && env['LEDGER_GRPC_PORT'] === undefined ? { FACT_CONSUMERS: 'none' } : {};
}

/** Free ports for every port variable of the applications that the environment does not name. */
export async function freePortsFor(
  names: readonly AppName[],
  env: AppEnvironment,
): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const { variable } of names.flatMap((name) => portVariablesOf(name))) {
    if (env[variable] === undefined) ports[variable] = String(await freePort());
  }
  return ports;
}

export const ALL_APPS = Object.keys(APPS).filter((name): name is AppName => name in APPS);

async function launch(name: AppName, env: AppEnvironment): Promise<AppProcess> {
  const app = new AppProcess({ name, repositoryDir: REPOSITORY_DIR, env });
  try {
    await app.ready({ timeoutMs: READY_TIMEOUT_MS });
  } catch (error) {
    await app.kill9();
    throw error;
  }
  return app;
}

function inherited(): AppEnvironment {
  return Object.fromEntries(INHERITED.map((variable) => [variable, process.env[variable]]));
}
