import { describe, expect, it } from '@jest/globals';
import { ERROR_TABLE } from '@steelyard/contracts/errors';
import { KNOWN_REFUSAL_CODES } from './refusal-codes.js';

describe('the codes of refusals', () => {
  it('are those of the error table that are no outages', () => {
    const refusals = Object.entries(ERROR_TABLE).filter(([, { retryable }]) => !retryable);
    expect([...KNOWN_REFUSAL_CODES].sort()).toEqual(refusals.map(([code]) => code).sort());
  });
});
