import { describe, expect, it } from '@jest/globals';
import { parseAs } from '@steelyard/rest/requests';
import { transferBody } from './money.dto.js';

describe('a transfer', () => {
  it('refuses system accounts and a rate that is none', () => {
    const transfer = { from: 'a', to: 'b', amount: 1 };
    expect(parseAs(transferBody, { ...transfer, to: '@world/CZK' })).toMatchObject({
      code: 'INVALID_ACCOUNT_ID',
    });
    expect(parseAs(transferBody, { ...transfer, rate: '1e3' })).toMatchObject({ field: 'rate' });
  });
});
