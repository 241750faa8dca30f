import { describe, expect, it } from '@jest/globals';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import { RpcError } from '@steelyard/platform/rpc';
import type { BalanceCalls } from './balance-calls.js';
import { NO_DETAILS, NO_LIMITS, refusalIn, wire } from './wire.js';

/** What the service refuses before it decides anything. */
export function describeMalformedRequests({ client, execute, read }: BalanceCalls): void {
  describe('malformed requests', () => {
    const alice = 'alice';
    const cases: readonly [string, balanceV1.Command, string][] = [
      ['no body', { idempotencyKey: 'k', atomicGroup: 0, dryRun: false, body: undefined }, 'INVALID_REQUEST'],
      ['no key', wire.deposit(alice, {}, { key: '' }), 'MISSING_IDEMPOTENCY_KEY idempotencyKey'],
      [
        'a key of 256 characters',
        wire.deposit(alice, {}, { key: 'k'.repeat(256) }),
        'INVALID_IDEMPOTENCY_KEY idempotencyKey',
      ],
      [
        'a key that is not ASCII',
        wire.deposit(alice, {}, { key: 'klíč' }),
        'INVALID_IDEMPOTENCY_KEY idempotencyKey',
      ],
      ['no account', wire.deposit(''), 'INVALID_ACCOUNT_ID accountId'],
      ['a system account', wire.deposit('@world/CHIPS'), 'INVALID_ACCOUNT_ID accountId'],
      ['a long account id', wire.deposit('a'.repeat(129)), 'INVALID_ACCOUNT_ID accountId'],
      ['nothing to deposit', wire.deposit(alice, { amount: 0n }), 'INVALID_AMOUNT amount'],
      ['a negative deposit', wire.deposit(alice, { amount: -1n }), 'INVALID_AMOUNT amount'],
      ['the smallest integer', wire.withdraw(alice, { amount: -(2n ** 63n) }), 'AMOUNT_OUT_OF_RANGE amount'],
      ['a change of nothing', wire.change(alice, { amount: 0n }), 'INVALID_AMOUNT amount'],
      ['a wager that pays', wire.change(alice, { amount: 1n, changeType: 'wager' }), 'INVALID_AMOUNT amount'],
      ['an unknown change', wire.change(alice, { changeType: 'toString' }), 'INVALID_REQUEST changeType'],
      [
        'a transfer to oneself',
        wire.transfer({ fromAccountId: alice, toAccountId: alice }),
        'SAME_ACCOUNT to',
      ],
      [
        'a transfer named POT_WIN',
        wire.transfer({ fromAccountId: alice, toAccountId: 'b', type: 'POT_WIN' }),
        'INVALID_REQUEST type',
      ],
      ['an unknown currency', wire.open('new-account', { currency: 'XXX' }), 'INVALID_CURRENCY currency'],
      [
        'a negative opening',
        wire.open('new-account', { initialBalance: -1n }),
        'INVALID_AMOUNT initialBalance',
      ],
      [
        'a negative limit',
        wire.open('new-account', { limits: { ...NO_LIMITS, minimumHold: -1n } }),
        'INVALID_AMOUNT limits.minimumHold',
      ],
      ['an unknown status', wire.status(alice, 'deleted'), 'INVALID_REQUEST status'],
      [
        'metadata that are a list',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '[]' } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata that are no JSON',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '{' } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata with an infinite number',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '{"a":1e999}' } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata of 17 KiB',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: `{"a":"${'x'.repeat(17 * 1024)}"}` } }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata that are too deep',
        wire.deposit(alice, {
          details: { ...NO_DETAILS, metadataJson: `${'{"a":'.repeat(40)}1${'}'.repeat(40)}` },
        }),
        'INVALID_METADATA metadata',
      ],
      [
        'metadata under a reserved name',
        wire.deposit(alice, { details: { ...NO_DETAILS, metadataJson: '{"reverses":"x"}' } }),
        'INVALID_METADATA metadata.reverses',
      ],
      [
        'a reason with a control character',
        wire.deposit(alice, { details: { ...NO_DETAILS, reason: 'a\u0000b' } }),
        'INVALID_REQUEST reason',
      ],
      [
        'a business time after the year 9999',
        wire.deposit(alice, { details: { ...NO_DETAILS, effectiveAtMs: 253_402_300_800_000n } }),
        'INVALID_REQUEST effectiveAt',
      ],
      ['a transaction id that is none', wire.reverse("'; drop table"), 'TRANSACTION_NOT_FOUND transactionId'],
    ];

    it.each(cases)('refuses %s', async (_, command, refusal) => {
      const [outcome] = await execute(command);
      expect(refusalIn(outcome)).toBe(refusal);
    });

    it('wrote nothing', async () => {
      expect(await read(alice, 'new-account', '@world/CHIPS')).not.toContainEqual(
        expect.objectContaining({ accountId: alice }),
      );
    });

    it('refuses more commands or ids than one request may carry', async () => {
      const commands = Array.from({ length: 5_001 }, () => wire.open('x', {}, { key: '' }));
      const tooMany = await client()
        .call('execute', { commands })
        .catch((error: unknown) => error);
      expect(tooMany).toBeInstanceOf(RpcError);
      expect(tooMany).toMatchObject({ status: 'INVALID_ARGUMENT' });
      const ids = Array.from({ length: 1_001 }, (_, i) => `a${i}`);
      const alsoTooMany = client().call('getAccounts', { accountIds: ids });
      await expect(alsoTooMany).rejects.toMatchObject({ status: 'INVALID_ARGUMENT' });
    });
  });
}
