import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { NO_DETAILS, wire } from '../../test/support/wire.js';
import { decodeCommand } from './decode-command.js';

const decoded = (command: balanceV1.Command) => decodeCommand(command).command;

describe('decoding commands on reservations', () => {
  it('reserves for a table, an account or the outside world', () => {
    const details = { ...NO_DETAILS, reason: 'r', metadataJson: '{"a":1}' };
    const target = { $case: 'tableId', value: 't-1' } as const;
    expect(
      decoded(wire.reserve('alice', { amount: 5n, timeoutSeconds: 90, target, reference: 'ref', details })),
    ).toEqual({
      kind: 'reserve',
      accountId: 'alice',
      amount: 5n,
      timeoutMs: 90_000,
      target: { kind: 'table', tableId: 't-1' },
      reference: 'ref',
      details: { reason: 'r', metadata: { a: 1 } },
    });
    expect(decoded(wire.reserve('alice', { target: { $case: 'toAccountId', value: 'bob' } }))).toMatchObject({
      target: { kind: 'account', accountId: 'bob' },
    });
    expect(decoded(wire.reserve('alice'))).toMatchObject({ target: { kind: 'world' }, reference: null });
  });

  it('leaves the default timeout to the deployment, and carries the longest that the wire has', () => {
    expect(decoded(wire.reserve('alice', { timeoutSeconds: 0 }))).not.toHaveProperty('timeoutMs');
    expect(decoded(wire.reserve('alice', { timeoutSeconds: 4_294_967_295 }))).toMatchObject({
      timeoutMs: 4_294_967_295_000,
    });
  });

  it('takes the steps of a reservation by its id', () => {
    expect(decoded(wire.commit('r-1'))).toEqual({
      kind: 'commit-reservation-by-id',
      reservationId: 'r-1',
      details: {},
    });
    expect(decoded(wire.commit('r-1', 7n))).toMatchObject({ amount: 7n });
    expect(decoded(wire.release('r-1'))).toMatchObject({ kind: 'release-reservation-by-id' });
    expect(decoded(wire.extend('r-1', 2))).toMatchObject({
      kind: 'extend-reservation-by-id',
      timeoutMs: 2_000,
    });
  });

  it.each<[string, balanceV1.Command, string, string]>([
    ['no account', wire.reserve(''), 'INVALID_ACCOUNT_ID', 'accountId'],
    ['nothing to hold', wire.reserve('alice', { amount: 0n }), 'INVALID_AMOUNT', 'amount'],
    ['a negative hold', wire.reserve('alice', { amount: -1n }), 'INVALID_AMOUNT', 'amount'],
    ['2^53', wire.reserve('alice', { amount: 2n ** 53n }), 'AMOUNT_OUT_OF_RANGE', 'amount'],
    [
      'oneself as the receiver',
      wire.reserve('alice', { target: { $case: 'toAccountId', value: 'alice' } }),
      'SAME_ACCOUNT',
      'to',
    ],
    [
      'a system account as the receiver',
      wire.reserve('alice', { target: { $case: 'toAccountId', value: '@house/CHIPS' } }),
      'INVALID_ACCOUNT_ID',
      'to',
    ],
    [
      'a table id with a slash',
      wire.reserve('alice', { target: { $case: 'tableId', value: 'a/b' } }),
      'INVALID_REQUEST',
      'tableId',
    ],
    [
      'a reference of 129 characters',
      wire.reserve('alice', { reference: 'r'.repeat(129) }),
      'INVALID_REQUEST',
      'reference',
    ],
    ['a commit of nothing', wire.commit('r-1', 0n), 'INVALID_AMOUNT', 'amount'],
    [
      'a reserve without a key',
      wire.reserve('a', {}, { key: '' }),
      'MISSING_IDEMPOTENCY_KEY',
      'idempotencyKey',
    ],
    [
      'a key that is not ASCII',
      wire.release('r-1', { key: 'ž' }),
      'INVALID_IDEMPOTENCY_KEY',
      'idempotencyKey',
    ],
    [
      'a reserved name in the metadata',
      wire.reserve('a', { details: { ...NO_DETAILS, metadataJson: '{"reservationId":"x"}' } }),
      'INVALID_METADATA',
      'metadata.reservationId',
    ],
  ])('refuses %s', (_, command, code, field) => {
    expect(decoded(command)).toMatchObject({ kind: 'refusal', code, field });
  });
});
