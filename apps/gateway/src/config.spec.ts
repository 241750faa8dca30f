import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { gatewayConfig } from './config.js';

const DATABASE_URL = 'postgres://127.0.0.1/steelyard';
const load = (env: Record<string, string>) => gatewayConfig({ DATABASE_URL, ...env });

describe('gatewayConfig', () => {
  it('has defaults for everything but the database', () => {
    expect(load({})).toMatchObject({
      PORT: 3000,
      SELF_SERVICE: ['read', 'withdraw', 'reserve'],
      RATE_LIMIT_PER_SECOND: 1_000,
      CORS_ORIGINS: [],
      TRANSPORT: 'grpc',
    });
  });

  it.each([
    ['PORT', { PORT: '0' }],
    ['SELF_SERVICE', { SELF_SERVICE: 'read,everything' }],
    ['RATE_LIMIT_PER_SECOND', { RATE_LIMIT_PER_SECOND: '-1' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
    ['JWT_PUBLIC_KEY', { JWT_PUBLIC_KEY: 'not a key' }],
    ['JWT_JWKS_URL', { JWT_JWKS_URL: 'ftp://x' }],
    ['NATS_URL', { TRANSPORT: 'nats' }],
    ['JWT_HS256_SECRET', { NODE_ENV: 'production' }],
    ['JWT_JWKS_URL', { NODE_ENV: 'production' }],
    ['JWT_HS256_SECRET', { NODE_ENV: 'production', JWT_HS256_SECRET: 'short' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
  ])('names %s when it is wrong', (variable, env) => expect(() => load(env)).toThrow(variable));

  it('does not show a secret', () => {
    expect(() => load({ NODE_ENV: 'production', JWT_HS256_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
  });

  it('takes a public key in one line', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(load({ JWT_PUBLIC_KEY: pem.replaceAll('\n', '\\n') }).JWT_PUBLIC_KEY).toBe(pem);
  });

  it('lets self-service be switched off', () =>
    expect(load({ SELF_SERVICE: 'none' }).SELF_SERVICE).toEqual([]));
});
