import { describe, expect, it } from '@jest/globals';
import { parseOptions, UsageError } from './options.js';

describe('parseOptions', () => {
  it.each([
    [['--legs', 'engine,teleport'], 'there is no leg "teleport"'],
    [['--seconds', '0'], '--seconds must be a whole number from 1 to 120'],
    [['--accounts', '1e9'], '--accounts must be a whole number'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(message);
  });

  it('runs the legs in their order, each once', () => {
    expect(parseOptions(['--legs', 'grpc, engine,grpc'])).toMatchObject({ legs: ['engine', 'grpc'] });
  });
});
