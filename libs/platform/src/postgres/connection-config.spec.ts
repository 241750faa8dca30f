import { describe, expect, it } from '@jest/globals';
import { connectionConfig } from './connection-config.js';

const OPTIONS = {
  url: 'postgres://u:p@127.0.0.1:5432/main',
  applicationName: 'spec',
  statementTimeoutMs: 1_000,
};

describe('connectionConfig', () => {
  it('works as the role from the first statement on', () => {
    expect(connectionConfig({ ...OPTIONS, role: 'balance' }).options).toBe('-c role=balance');
  });

  it('joins the options of the URL instead of losing either', () => {
    const config = connectionConfig({
      ...OPTIONS,
      url: `${OPTIONS.url}?options=-c%20geqo%3Doff&sslmode=disable`,
      role: 'balance',
    });
    expect(config.options).toBe('-c geqo=off -c role=balance');
    expect(config.connectionString).toBe(`${OPTIONS.url}?sslmode=disable`);
  });

  it('escapes the values of settings', () => {
    const settings = { search_path: 'a, b\\c' };
    expect(connectionConfig({ ...OPTIONS, settings }).options).toBe('-c search_path=a,\\ b\\\\c');
  });

  it('refuses the name of a setting that could start another option', () => {
    expect(() => connectionConfig({ ...OPTIONS, settings: { 'a -c role': 'postgres' } })).toThrow(TypeError);
  });
});
