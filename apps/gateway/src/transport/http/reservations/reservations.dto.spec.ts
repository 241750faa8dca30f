import { describe, expect, it } from '@jest/globals';
import { parseAs } from '@steelyard/rest/requests';
import { commitBody, extendBody, reservationsQuery, reserveBody } from './reservations.dto.js';

describe('a reservation', () => {
  it('commits to an account or to a table, or out of the platform', () => {
    expect(parseAs(reserveBody, { amount: 5 })).toEqual({ amount: 5n });
    expect(parseAs(reserveBody, { amount: 5, to: 'bob' })).toEqual({ amount: 5n, to: 'bob' });
    expect(parseAs(reserveBody, { amount: 5, tableId: 't-1' })).toEqual({ amount: 5n, tableId: 't-1' });
  });

  it.each([
    [{ amount: 5, to: 'bob', tableId: 't-1' }, 'INVALID_REQUEST', 'tableId'],
    [{ amount: 0 }, 'INVALID_AMOUNT', 'amount'],
    [{ amount: 5, to: '@world/CHIPS' }, 'INVALID_ACCOUNT_ID', 'to'],
    [{ amount: 5, tableId: '@table' }, 'INVALID_REQUEST', 'tableId'],
    [{ amount: 5, timeoutSeconds: 0 }, 'INVALID_REQUEST', 'timeoutSeconds'],
    [{ amount: 5, timeoutSeconds: 86_401 }, 'INVALID_REQUEST', 'timeoutSeconds'],
    [{ amount: 5, timeoutSeconds: 1.5 }, 'INVALID_REQUEST', 'timeoutSeconds'],
    [{ amount: 5, reference: 'a\nb' }, 'INVALID_REQUEST', 'reference'],
    [{ amount: 5, metadata: [] }, 'INVALID_METADATA', 'metadata'],
  ])('refuses %j with %s at %s', (body, code, field) => {
    expect(parseAs(reserveBody, body)).toMatchObject({ kind: 'refused', code, field });
  });

  it('is committed whole unless an amount is named', () => {
    expect(parseAs(commitBody, {})).toEqual({});
    expect(parseAs(commitBody, { amount: 0 })).toMatchObject({ code: 'INVALID_AMOUNT' });
  });

  it('is extended by a time that is named', () => {
    expect(parseAs(extendBody, {})).toMatchObject({ code: 'INVALID_REQUEST', field: 'timeoutSeconds' });
  });

  it('is listed by a status that there is', () => {
    expect(parseAs(reservationsQuery, { status: 'HELD' })).toEqual({ status: 'HELD', limit: 50 });
    expect(parseAs(reservationsQuery, { status: 'held' })).toMatchObject({ field: 'status' });
  });
});
