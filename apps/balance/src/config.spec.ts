import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@steelyard/platform/config';
import { loadConfig } from './config.js';

const DATABASE_URL = 'postgres://127.0.0.1/steelyard';

function messageOf(env: Readonly<Record<string, string>>): string {
  try {
    loadConfig({ DATABASE_URL, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was taken');
}

describe('the configuration of holds and tables', () => {
  it('has defaults: half a minute, strict tables, no rake', () => {
    expect(loadConfig({ DATABASE_URL })).toMatchObject({
      RESERVATION_TIMEOUT_MS: 30_000,
      RESERVATION_SWEEP_INTERVAL_MS: 5_000,
      TABLE_ESCROW_POLICY: 'strict',
      RAKE_BASIS_POINTS: 0,
      RAKE_CAP_CHIPS: 0n,
      RAKE_MIN_POT_CHIPS: 0n,
    });
  });

  it('takes chips exactly, up to the largest amount', () => {
    const env = { RAKE_BASIS_POINTS: '10000', RAKE_CAP_CHIPS: '9007199254740991', RAKE_MIN_POT_CHIPS: '20' };
    expect(loadConfig({ DATABASE_URL, ...env })).toMatchObject({
      RAKE_BASIS_POINTS: 10_000,
      RAKE_CAP_CHIPS: 9_007_199_254_740_991n,
      RAKE_MIN_POT_CHIPS: 20n,
    });
  });

  it('can do without the sweep', () => {
    expect(loadConfig({ DATABASE_URL, RESERVATION_SWEEP_INTERVAL_MS: '0' })).toMatchObject({
      RESERVATION_SWEEP_INTERVAL_MS: 0,
    });
  });

  it.each([
    ['RESERVATION_TIMEOUT_MS', '0'],
    ['RESERVATION_TIMEOUT_MS', '86400001'],
    ['RESERVATION_SWEEP_INTERVAL_MS', '-1'],
    ['TABLE_ESCROW_POLICY', 'lenient'],
    ['RAKE_BASIS_POINTS', '10001'],
    ['RAKE_BASIS_POINTS', '2.5'],
    ['RAKE_CAP_CHIPS', '9007199254740992'],
    ['RAKE_MIN_POT_CHIPS', '-1'],
    ['RAKE_MIN_POT_CHIPS', '1e3'],
  ])('refuses %s=%s and says so', (name, value) => {
    expect(messageOf({ [name]: value })).toContain(`${name} is "${value}", expected `);
  });
});

describe('the configuration of facts', () => {
  it('sends them to all consumers unless it says otherwise', () => {
    const consumersOf = (env: Readonly<Record<string, string>>) =>
      loadConfig({ DATABASE_URL, ...env }).FACT_CONSUMERS;
    expect(consumersOf({})).toEqual(['ledger', 'notifications', 'analytics']);
    expect(consumersOf({ FACT_CONSUMERS: 'analytics, ledger' })).toEqual(['ledger', 'analytics']);
    expect(consumersOf({ FACT_CONSUMERS: 'none' })).toEqual([]);
  });

  it.each([
    ['FACT_CONSUMERS', 'ledger,billing'],
    ['FACT_CONSUMERS', 'none,ledger'],
    ['FACTS_POLL_INTERVAL_MS', '0'],
    ['FACTS_LEASE_MS', '0'],
    ['NOTIFICATIONS_GRPC_PORT', '70000'],
  ])('refuses %s=%s', (name, value) => {
    expect(messageOf({ [name]: value })).toContain(`${name} is `);
  });
});
