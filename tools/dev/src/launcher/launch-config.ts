import { join, resolve } from 'node:path';
import { APPS, portVariablesOf, type AppName } from '@steelyard/processes';
import { LaunchError } from './launch-error.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the launcher itself must know; everything else goes to the applications as it is. */
export interface LaunchConfig {
  readonly repositoryDir: string;
  readonly host: string;
  readonly dataDir: string;
  readonly logsDir: string;
  /** A server of the user's own; without it an embedded one is started. */
  readonly databaseUrl: string | undefined;
  /** Port of the embedded server; without it a free one is taken. */
  readonly postgresPort: number | undefined;
  readonly ports: readonly AssignedPort[];
  /** Given to every application. */
  readonly appEnv: Environment;
}

/** A port that an application will listen on. */
export interface AssignedPort {
  readonly app: AppName;
  readonly variable: string;
  readonly port: number;
  readonly isGrpc: boolean;
}

const PORT_MAX = 65_535;
const PORT_PATTERN = /^\d{1,5}$/;

/** Reads the launcher's part of the environment; an empty variable counts as unset. */
export function readLaunchConfig(repositoryDir: string, environment: Environment): LaunchConfig {
  const env = withoutEmpty(environment);
  const dataDir = resolve(repositoryDir, env['DATA_DIR'] ?? '.data');
  const ports = appNames.flatMap((app) => portsOf(app, env));
  return {
    repositoryDir,
    host: env['HOST'] ?? '127.0.0.1',
    dataDir,
    logsDir: join(dataDir, 'logs'),
    databaseUrl: env['DATABASE_URL'],
    postgresPort:
      env['POSTGRES_PORT'] === undefined ? undefined : parsePort('POSTGRES_PORT', env['POSTGRES_PORT']),
    ports,
    appEnv: {
      // Saves a third of each application's start after the first one.
      NODE_COMPILE_CACHE: join(dataDir, 'compile-cache'),
      // Whoever tries the platform wants a proof of what they posted just now, not of a minute ago.
      LEDGER_SEAL_INTERVAL_MS: '5000',
      ...hostsOfApps(env['HOST']),
      ...env,
      ...Object.fromEntries(ports.map(({ variable, port }) => [variable, String(port)])),
      DATA_DIR: dataDir,
    },
  };
}

/** The assigned HTTP or gRPC port of an application; the gateway has no gRPC port. */
export function portOf(config: LaunchConfig, app: AppName, kind: 'http' | 'grpc'): number | undefined {
  return config.ports.find((port) => port.app === app && port.isGrpc === (kind === 'grpc'))?.port;
}

const appNames = Object.keys(APPS).filter((name): name is AppName => name in APPS);

/** Applications that listen on one address only must look for each other there. */
function hostsOfApps(host: string | undefined): Environment {
  if (host === undefined || host === '0.0.0.0' || host === '::') return {};
  return Object.fromEntries(appNames.map((name) => [`${name.toUpperCase()}_HOST`, host]));
}

function portsOf(app: AppName, env: Environment): AssignedPort[] {
  return portVariablesOf(app).map(({ variable, defaultPort }) => {
    const given = env[variable];
    const port = given === undefined ? defaultPort : parsePort(variable, given);
    return { app, variable, port, isGrpc: variable.endsWith('_GRPC_PORT') };
  });
}

function parsePort(variable: string, text: string): number {
  const port = Number(text);
  if (!PORT_PATTERN.test(text) || port < 1 || port > PORT_MAX) {
    throw new LaunchError(`${variable} is "${text}", expected a port from 1 to ${PORT_MAX}`);
  }
  return port;
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
}
