import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';

const DATABASE_URL = 'postgres://127.0.0.1/steelyard';

describe('the configuration of the ledger', () => {
  it('has a default for everything but the database', () => {
    expect(loadConfig({ DATABASE_URL })).toMatchObject({
      HOST: '127.0.0.1',
      TRANSPORT: 'grpc',
      DATABASE_ROLE: 'steelyard_ledger',
      LEDGER_HTTP_PORT: 3003,
      LEDGER_GRPC_PORT: 50_052,
      LEDGER_WALK_INTERVAL_MS: 5_000,
      LEDGER_WALK_BUDGET_MS: 500,
      LEDGER_SEAL_INTERVAL_MS: 60_000,
    });
  });

  it.each([
    ['DATABASE_URL', {}],
    ['DATABASE_ROLE', { DATABASE_URL, DATABASE_ROLE: 'a; drop' }],
    ['LEDGER_GRPC_PORT', { DATABASE_URL, LEDGER_GRPC_PORT: '70000' }],
    ['LEDGER_WALK_BUDGET_MS', { DATABASE_URL, LEDGER_WALK_BUDGET_MS: '0' }],
    ['LEDGER_RECONCILE_CYCLE_MS', { DATABASE_URL, LEDGER_RECONCILE_CYCLE_MS: '-1' }],
    ['NATS_URL', { DATABASE_URL, TRANSPORT: 'nats' }],
    ['LEDGER_SIGNING_KEY', { DATABASE_URL, NODE_ENV: 'production' }],
    ['LEDGER_ORIGIN', { DATABASE_URL, LEDGER_ORIGIN: 'two words' }],
    ['LEDGER_CHECKPOINT_URL', { DATABASE_URL, LEDGER_CHECKPOINT_URL: 'ftp://example.com' }],
  ])('names %s when it is wrong', (variable, env) => {
    expect(() => loadConfig(env)).toThrow(variable);
  });

  it('needs no signing key in production where nothing is sealed', () => {
    const env = { DATABASE_URL, NODE_ENV: 'production', LEDGER_SEAL_INTERVAL_MS: '0' };
    expect(loadConfig(env)).toMatchObject({ LEDGER_SEAL_INTERVAL_MS: 0 });
  });

  it('does not show the signing key', () => {
    const env = { DATABASE_URL, LEDGER_SIGNING_KEY: 's3cret'.repeat(2_000) };
    expect(() => loadConfig(env)).toThrow(/^(?!.*s3cret)/);
  });
});
