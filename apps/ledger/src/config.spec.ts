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
    });
  });

  it.each([
    ['DATABASE_URL', {}],
    ['DATABASE_ROLE', { DATABASE_URL, DATABASE_ROLE: 'a; drop' }],
    ['LEDGER_GRPC_PORT', { DATABASE_URL, LEDGER_GRPC_PORT: '70000' }],
    ['LEDGER_WALK_BUDGET_MS', { DATABASE_URL, LEDGER_WALK_BUDGET_MS: '0' }],
    ['NATS_URL', { DATABASE_URL, TRANSPORT: 'nats' }],
  ])('names %s when it is wrong', (variable, env) => {
    expect(() => loadConfig(env)).toThrow(variable);
  });
});
