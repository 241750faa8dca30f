import { randomBytes } from 'node:crypto';
import { START_ORDER, type AppName } from '@steelyard/processes';
import { ALL_APPS, freePortsFor, startApp, type AppEnvironment, type RunningApp } from './running-app.js';
import { createTokenIssuer, type TokenIssuer } from './token-issuer.js';

/** Which applications run, and with what configuration. */
export interface PlatformOptions {
  /** Default: all five. */
  readonly apps?: readonly AppName[];
  /** Given to every application; `DATABASE_URL` is needed. */
  readonly env: AppEnvironment;
}

/** Applications that know each other, on free ports. */
export interface RunningPlatform {
  /** Base of the public REST interface, with `/api`; needs the gateway. */
  readonly apiUrl: string;
  /** Signs tokens that this platform accepts. */
  readonly token: TokenIssuer;
  /** A running application, to ask for its addresses, to kill or to restart. */
  app(name: AppName): RunningApp;
  stop(): Promise<void>;
}

const SECRET_BYTES = 32;

/** Starts applications in their order on free ports, all configured alike, and waits until they are ready. */
export async function startPlatform(options: PlatformOptions): Promise<RunningPlatform> {
  const names = options.apps ?? ALL_APPS;
  const secret = options.env['JWT_HS256_SECRET'] ?? randomBytes(SECRET_BYTES).toString('hex');
  const ports = await freePortsFor(ALL_APPS, options.env);
  const env = { JWT_HS256_SECRET: secret, ...ports, ...options.env };
  const running = new Map<AppName, RunningApp>();
  try {
    await startInOrder(names, env, running);
  } catch (error) {
    await stopAll(running);
    throw error;
  }
  const app = (name: AppName): RunningApp => {
    const found = running.get(name);
    if (found === undefined) throw new Error(`this platform runs without ${name}`);
    return found;
  };
  return {
    get apiUrl() {
      return `${app('gateway').httpUrl}/api`;
    },
    token: createTokenIssuer(secret),
    app,
    stop: () => stopAll(running),
  };
}

async function startInOrder(
  names: readonly AppName[],
  env: AppEnvironment,
  running: Map<AppName, RunningApp>,
): Promise<void> {
  for (const group of START_ORDER) {
    const members = group.filter((name) => names.includes(name));
    const outcomes = await Promise.allSettled(
      members.map(async (name) => {
        running.set(name, await startApp(name, env));
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** In the opposite order, so that nobody loses what it depends on while it finishes its work. */
async function stopAll(running: ReadonlyMap<AppName, RunningApp>): Promise<void> {
  for (const group of [...START_ORDER].reverse()) {
    await Promise.all(group.map(async (name) => running.get(name)?.stop()));
  }
}
