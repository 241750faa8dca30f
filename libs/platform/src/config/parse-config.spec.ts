import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  booleanFlag,
  commonEnv,
  ConfigError,
  currencies,
  databaseRole,
  databaseUrl,
  milliseconds,
  parseConfig,
  port,
  positiveInt,
  requireNatsForItsTransport,
  secret,
} from './index.js';

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('parseConfig', () => {
  it('gives typed defaults for what is not set', () => {
    expect(parseConfig(z.object(commonEnv), {})).toEqual({
      HOST: '127.0.0.1',
      TRANSPORT: 'grpc',
      RPC_FALLBACK: 'none',
      NODE_ENV: 'development',
      LOG_LEVEL: 'info',
      DATA_DIR: '.data',
    });
  });

  it('counts an empty string as not set', () => {
    expect(parseConfig(z.object({ PORT: port(3000) }), { PORT: '' })).toEqual({ PORT: 3000 });
  });

  it('names every variable at fault with what was given and what is expected', () => {
    const schema = z.object({
      PORT: port(3000),
      BATCH_MAX: positiveInt(500, 5_000),
      DATABASE_URL: databaseUrl,
    });
    expect(messageOf(() => parseConfig(schema, { PORT: '70000', BATCH_MAX: '1.5' }))).toBe(
      'PORT is "70000", expected a port from 1 to 65535; ' +
        'BATCH_MAX is "1.5", expected a whole number from 1 to 5000; ' +
        'DATABASE_URL is not set, expected a URL that begins with postgres:// or postgresql://',
    );
  });

  it('does not print secrets', () => {
    const message = messageOf(() =>
      parseConfig(z.object({ JWT_HS256_SECRET: secret(32) }), { JWT_HS256_SECRET: 'hunter2' }),
    );
    expect(message).toBe(
      'JWT_HS256_SECRET is set to a value that is not shown, expected a secret of at least 32 characters',
    );
  });

  it('does not print the password of a URL', () => {
    const message = messageOf(() =>
      parseConfig(z.object({ DATABASE_URL: databaseUrl }), {
        DATABASE_URL: 'mysql://root:hunter2@db/main?key=hunter2',
      }),
    );
    expect(message).toContain('"mysql://db/main"');
    expect(message).not.toContain('hunter2');
  });

  it('does not print what may be a URL with a password', () => {
    const message = messageOf(() =>
      parseConfig(z.object({ DATABASE_URL: databaseUrl }), { DATABASE_URL: 'root:hunter2@db' }),
    );
    expect(message).not.toContain('hunter2');
  });

  it('freezes what it returns', () => {
    expect(Object.isFrozen(parseConfig(z.object({ PORT: port(3000) }), {}))).toBe(true);
  });

  it('wants a NATS server for the NATS transport', () => {
    const schema = z.object(commonEnv).superRefine(requireNatsForItsTransport);
    expect(messageOf(() => parseConfig(schema, { TRANSPORT: 'nats' }))).toBe(
      'NATS_URL is not set, expected a NATS server, because TRANSPORT is nats',
    );
    expect(parseConfig(schema, { TRANSPORT: 'nats', NATS_URL: 'nats://127.0.0.1:4222' }).TRANSPORT).toBe(
      'nats',
    );
  });
});

describe('environment types', () => {
  it.each(['0', '65536', '-1', '1e3', ' 80', '80.0', 'http', '0x50'])('refuse the port %j', (given) => {
    expect(() => parseConfig(z.object({ PORT: port(3000) }), { PORT: given })).toThrow(ConfigError);
  });

  it.each([
    ['true', true],
    ['YES', true],
    ['1', true],
    ['off', false],
    ['False', false],
  ])('read the flag %j', (given, expected) => {
    expect(parseConfig(z.object({ FLAG: booleanFlag(false) }), { FLAG: given })).toEqual({ FLAG: expected });
  });

  it('refuse a flag that is neither', () => {
    expect(messageOf(() => parseConfig(z.object({ FLAG: booleanFlag(true) }), { FLAG: 'maybe' }))).toBe(
      'FLAG is "maybe", expected true or false',
    );
  });

  it.each([
    ['', 'steelyard_ledger'],
    ['other_role', 'other_role'],
    ['none', undefined],
  ])('read the role %j as %j', (given, expected) => {
    const schema = z.object({ DATABASE_ROLE: databaseRole('steelyard_ledger') });
    expect(parseConfig(schema, { DATABASE_ROLE: given }).DATABASE_ROLE).toBe(expected);
  });

  it.each(['a; drop', 'Upper', '1st', `a${'b'.repeat(63)}`])('refuse the role %j', (given) => {
    const schema = z.object({ DATABASE_ROLE: databaseRole('steelyard_ledger') });
    expect(messageOf(() => parseConfig(schema, { DATABASE_ROLE: given }))).toContain(
      'expected the name of a database role, or none',
    );
  });

  it('refuse a duration above its bound', () => {
    expect(
      messageOf(() => parseConfig(z.object({ WAIT_MS: milliseconds(10, 500) }), { WAIT_MS: '501' })),
    ).toBe('WAIT_MS is "501", expected milliseconds from 1 to 500');
  });

  it('read currencies with their scales', () => {
    expect(
      parseConfig(z.object({ CURRENCIES: currencies }), { CURRENCIES: 'GOLD:0, BTC:8' }).CURRENCIES,
    ).toEqual([
      { code: 'GOLD', scale: 0 },
      { code: 'BTC', scale: 8 },
    ]);
  });

  it.each(['GOLD', 'gold:0', 'GOLD:19', 'GOLD:0,GOLD:2', 'GOLD:0:1', 'GOLD:', ',', 'GOLD:-1'])(
    'refuse the currencies %j',
    (given) => {
      expect(() => parseConfig(z.object({ CURRENCIES: currencies }), { CURRENCIES: given })).toThrow(
        ConfigError,
      );
    },
  );
});
