import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from '@steelyard/processes';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { forConsole } from '../src/launcher/app-log.js';
import { developmentSecret, developmentToken } from '../src/launcher/development-token.js';
import { portOf, readLaunchConfig } from '../src/launcher/launch-config.js';
import { lockDataDir } from '../src/launcher/launcher-lock.js';
import { checkPorts } from '../src/launcher/port-check.js';
import { summary } from '../src/launcher/summary.js';
import { freePorts } from './support/fixture-apps.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'steelyard-parts-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('readLaunchConfig', () => {
  it.each(['0', '65536', '-1', '80.5', 'http', '1e3'])(
    'refuses %s as a port and names the variable',
    (text) => {
      expect(() => readLaunchConfig(dir, { LEDGER_GRPC_PORT: text })).toThrow(
        `LEDGER_GRPC_PORT is "${text}", expected a port from 1 to 65535`,
      );
    },
  );

  it('has the documented defaults, an empty variable counting as unset', () => {
    const config = readLaunchConfig(dir, { DATABASE_URL: '', PORT: '' });
    expect(config).toMatchObject({ host: '127.0.0.1', dataDir: join(dir, '.data'), databaseUrl: undefined });
    expect(Object.fromEntries(config.ports.map(({ variable, port }) => [variable, port]))).toEqual({
      PORT: 3000,
      BALANCE_HTTP_PORT: 3002,
      BALANCE_GRPC_PORT: 50051,
      LEDGER_HTTP_PORT: 3003,
      LEDGER_GRPC_PORT: 50052,
      NOTIFICATIONS_HTTP_PORT: 3004,
      NOTIFICATIONS_GRPC_PORT: 50053,
      ANALYTICS_HTTP_PORT: 3005,
      ANALYTICS_GRPC_PORT: 50054,
    });
  });

  it('tells applications on one address to look for each other there', () => {
    const { appEnv } = readLaunchConfig(dir, { HOST: '10.0.0.5' });
    expect(appEnv).toMatchObject({ BALANCE_HOST: '10.0.0.5', LEDGER_HOST: '10.0.0.5' });
  });
});

describe('checkPorts', () => {
  it('names every busy port, the variable that moves it and an example', async () => {
    const port = await freePort();
    const occupant = createServer().listen(port, '127.0.0.1');
    try {
      const config = readLaunchConfig(dir, { ...(await freePorts()), PORT: String(port) });
      await expect(checkPorts(config)).rejects.toThrow(
        `port ${port} is in use, change PORT\nStop what uses it, or choose other ports, for example:\nPORT=${port + 10_000} npm start`,
      );
    } finally {
      occupant.close();
    }
  });

  it('refuses one port for two servers', async () => {
    const ports = await freePorts();
    const config = readLaunchConfig(dir, { ...ports, POSTGRES_PORT: ports['PORT'] });
    await expect(checkPorts(config)).rejects.toThrow('PORT and POSTGRES_PORT are both');
  });

  it('is content with free ports', async () => {
    await expect(checkPorts(readLaunchConfig(dir, await freePorts()))).resolves.toBeUndefined();
  });
});

describe('lockDataDir', () => {
  it('takes over from a launcher that is gone', () => {
    writeFileSync(join(dir, 'launcher.pid'), '999999999');
    const unlock = lockDataDir(dir);
    unlock();
    expect(() => statSync(join(dir, 'launcher.pid'))).toThrow('ENOENT');
  });
});

describe('the development token', () => {
  it('is signed with a secret that is kept for its owner only', async () => {
    const config = readLaunchConfig(dir, { JWT_ISSUER: 'me', JWT_AUDIENCE: 'you' });
    const secret = developmentSecret(config) ?? '';
    expect(developmentSecret(config)).toBe(secret);
    expect(statSync(join(config.dataDir, 'jwt-secret')).mode & 0o777).toBe(0o600);
    const token = await developmentToken(config, secret);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'HS256' });
    expect(decodeJwt(token)).toMatchObject({ sub: 'developer', roles: ['operator'], iss: 'me', aud: 'you' });
  });

  it.each(['JWT_JWKS_URL', 'JWT_PUBLIC_KEY'])('does not exist where %s is set', (variable) => {
    expect(developmentSecret(readLaunchConfig(dir, { [variable]: 'given' }))).toBeUndefined();
  });

  it('uses the secret that is given', () => {
    expect(developmentSecret(readLaunchConfig(dir, { JWT_HS256_SECRET: 'given' }))).toBe('given');
  });
});

describe('the console', () => {
  it('shows warnings short and leaves information to the file', () => {
    const line = {
      time: '2026-01-02T03:04:05.678Z',
      app: 'ledger',
      event: 'ledger.lag',
      level: 'warn',
      bucket: 7,
    };
    expect(forConsole('ledger', JSON.stringify(line))).toBe(
      '03:04:05 ledger        WARN  ledger.lag bucket=7',
    );
    expect(forConsole('ledger', JSON.stringify({ ...line, level: 'info' }))).toBeUndefined();
  });

  it('shows the message of an error, and lines that are no JSON as they are', () => {
    const line = { level: 'error', event: 'failed', error: { message: 'no disk', stack: 'Error: no disk' } };
    expect(forConsole('balance', JSON.stringify(line))).toContain('ERROR failed error=no disk');
    expect(forConsole('balance', '    at main.js:1')).toBe('balance:     at main.js:1');
    expect(forConsole('balance', '')).toBeUndefined();
  });
});

describe('the summary', () => {
  it('says where everything is and how to call it', () => {
    const config = readLaunchConfig(dir, { PORT: '3100', HOST: '0.0.0.0' });
    const text = summary(
      config,
      { clusterDir: '/var/lib/elsewhere' },
      { startedInMs: 1_234, token: 'a.b.c' },
    );
    expect(portOf(config, 'gateway', 'http')).toBe(3100);
    expect(text).toContain('ready after 1.2 s');
    expect(text).toContain('http://127.0.0.1:3100/api/docs');
    expect(text).toContain("-H 'Authorization: Bearer a.b.c'");
    expect(text).toContain('/var/lib/elsewhere (its account cannot reach the data directory)');
  });
});
