import { describe, expect, it } from '@jest/globals';
import { parseBatch } from './batch.dto.js';

describe('a batch', () => {
  const item = { idempotencyKey: 'k', type: 'DEPOSIT', accountId: 'alice', amount: 1 };

  it('keeps a malformed item in its place', () => {
    const items = [
      item,
      { ...item, amount: 1.5 },
      7,
      { ...item, type: 'GIFT' },
      { ...item, from: 'x' },
      item,
    ];
    const batch = parseBatch({ transactions: items });
    expect(batch).toMatchObject({
      mode: 'independent',
      items: [
        { type: 'DEPOSIT', amount: 1n },
        { kind: 'refused', code: 'INVALID_AMOUNT', field: 'amount' },
        { kind: 'refused', code: 'INVALID_REQUEST' },
        { kind: 'refused', code: 'INVALID_REQUEST', field: 'type' },
        { kind: 'refused', code: 'INVALID_REQUEST', field: 'from' },
        { type: 'DEPOSIT' },
      ],
    });
  });

  it('needs a key for every item', () => {
    const keyed = (idempotencyKey: unknown) => ({ transactions: [{ ...item, idempotencyKey }] });
    expect(parseBatch(keyed(undefined))).toMatchObject({ items: [{ code: 'MISSING_IDEMPOTENCY_KEY' }] });
    expect(parseBatch(keyed(''))).toMatchObject({ items: [{ code: 'INVALID_IDEMPOTENCY_KEY' }] });
    expect(parseBatch(keyed('é'))).toMatchObject({ items: [{ code: 'INVALID_IDEMPOTENCY_KEY' }] });
    expect(parseBatch(keyed('x'.repeat(256)))).toMatchObject({
      items: [{ code: 'INVALID_IDEMPOTENCY_KEY' }],
    });
  });

  it('gives signed changes the business reason of their type', () => {
    const wager = { ...item, type: 'WAGER', amount: -5 };
    expect(parseBatch({ transactions: [wager] })).toMatchObject({
      items: [{ changeType: 'wager', amount: -5n }],
    });
  });

  it('has bounds', () => {
    expect(parseBatch({ transactions: [] })).toMatchObject({
      code: 'INVALID_REQUEST',
      field: 'transactions',
    });
    const many = Array.from({ length: 5_001 }, () => item);
    expect(parseBatch({ transactions: many })).toMatchObject({ code: 'BATCH_TOO_LARGE' });
    expect(parseBatch({ mode: 'some', transactions: [item] })).toMatchObject({ field: 'mode' });
  });
});
