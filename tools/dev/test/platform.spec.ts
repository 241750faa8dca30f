import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@steelyard/testing/wait';
import { readLaunchConfig, type LaunchConfig } from '../src/launcher/launch-config.js';
import { Platform } from '../src/launcher/platform.js';
import { fixtureRepository, freePorts } from './support/fixture-apps.js';

const DATABASE_URL = 'postgres://user:password@127.0.0.1:1/none';

describe('Platform', () => {
  let repositoryDir: string;
  let ports: Record<string, string>;
  let config: LaunchConfig;
  let notices: string[];
  let platform: Platform;

  const open = (env: Record<string, string>): Platform => {
    config = readLaunchConfig(repositoryDir, { PATH: process.env['PATH'], ...ports, ...env });
    const note = (text: string): void => void notices.push(text);
    platform = new Platform(config, { onNotice: note, onGivenUp: note });
    return platform;
  };
  const ask = async (variable: string, path = '/ready'): Promise<Record<string, string>> => {
    const response = await fetch(`http://127.0.0.1:${ports[variable]}${path}`);
    return (await response.json()) as Record<string, string>;
  };

  beforeEach(async () => {
    repositoryDir = fixtureRepository();
    ports = await freePorts();
    notices = [];
  });

  afterEach(async () => {
    await platform.stop();
    rmSync(repositoryDir, { recursive: true, force: true });
  });

  it('names the application that cannot start and shows what it said', async () => {
    writeFileSync(
      join(repositoryDir, 'apps/ledger/dist/main.js'),
      "throw new Error('LEDGER_HTTP_PORT is wrong');",
    );
    await expect(open({ DATABASE_URL }).start()).rejects.toThrow(
      /^ledger ended before it was ready:[^]*LEDGER_HTTP_PORT is wrong/,
    );
  });

  it('gives every application the database and one secret that stays the same', async () => {
    await open({ DATABASE_URL }).start();
    const first = await ask('PORT');
    expect(first).toMatchObject({
      databaseUrl: DATABASE_URL,
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await platform.stop();
    await open({ DATABASE_URL }).start();
    expect(await ask('BALANCE_HTTP_PORT')).toEqual(first);
  });

  it('adds no secret of its own where the user has keys', async () => {
    await open({ DATABASE_URL, JWT_JWKS_URL: 'https://issuer.example/keys' }).start();
    expect(await ask('PORT')).toEqual({ databaseUrl: DATABASE_URL });
  });

  it('starts an application again that died', async () => {
    await open({ DATABASE_URL }).start();
    await expect(ask('LEDGER_HTTP_PORT', '/die')).rejects.toThrow();
    await eventually(() => ask('LEDGER_HTTP_PORT'));
    expect(notices).toContain('ledger ended unexpectedly, starting it again in 500 ms');
  });

  it('stops balance last, because the others depend on it', async () => {
    await open({ DATABASE_URL }).start();
    await platform.stop();
    const stopped = notices.filter((line) => line.includes('app.stopped'));
    expect(stopped).toHaveLength(5);
    expect(stopped.at(-1)).toContain('balance');
    await expect(ask('PORT')).rejects.toThrow();
  });

  it('can be stopped in the middle of its start', async () => {
    const starting = open({ DATABASE_URL }).start();
    await platform.stop();
    expect(await starting).toBe(false);
    await expect(ask('PORT')).rejects.toThrow();
  });

  it('brings its own database, keeps it over a kill, and writes log files', async () => {
    await open({}).start();
    expect(await ask('PORT')).toMatchObject({ databaseUrl: platform.databaseUrl });
    const address = readFileSync(join(config.dataDir, 'database-url'), 'utf8');
    expect(address.trim()).toBe(platform.databaseUrl);
    const pidFile = join(platform.clusterDir ?? '', 'postmaster.pid');
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(Number.parseInt(readFileSync(pidFile, 'utf8'), 10)).not.toBe(pid));
    expect(readFileSync(join(config.logsDir, 'gateway.log'), 'utf8')).toContain('"event":"app.started"');
  });
});
