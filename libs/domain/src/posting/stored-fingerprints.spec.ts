import { describe, expect, it } from '@jest/globals';
import type { Command, ReversibleTransaction } from './commands.js';
import { prepare } from './prepared-command.js';

const original: ReversibleTransaction = {
  key: { bucket: 3, sequence: 9n },
  transactionId: '019ab2c3-d4e5-7003-8000-000000000900',
  type: 'DEPOSIT',
  legs: [
    { bucket: 3, accountId: 'alice', currency: 'CHIPS', amount: 5n },
    { bucket: 3, accountId: '@world/CHIPS', currency: 'CHIPS', amount: -5n },
  ],
};
const details = {
  reason: 'r',
  source: 's',
  performedBy: 'p',
  agentId: 'a',
  effectiveAtMs: 1,
  metadata: { m: 1, a: { z: null, b: [1] } },
};
const nobody = { tier: null, holderId: null, agentId: null };
const alice = { accountId: 'alice', details: {} };
const posting = { kind: 'post-to-account', ...alice, amount: 5n, type: 'DEPOSIT' } as const;
const transfer = {
  kind: 'transfer',
  fromAccountId: 'alice',
  toAccountId: 'bob',
  amount: 5n,
  type: 'TRANSFER',
} as const;

/**
 * Keys are kept for a day, and a release is rolled out within it: what one release stored the next one must find to
 * be the same request. Never change these values; a command that is new gets its own.
 */
describe('the fingerprint of a request is for ever: ', () => {
  it.each<[string, string, Command]>([
    [
      'deposit',
      '100ba1ce673bb4b0675582d6e21936e6cb4494c590dc1cd9a6ec1cd9ec406f2b',
      { ...posting, counterpart: 'world', opensAccount: true },
    ],
    [
      'withdrawal',
      '4b81d7ddd92eed1210c8aa15a62231b9cb4494c508ba46ccc2ab1cd9dc543930',
      {
        ...posting,
        amount: -5n,
        type: 'WITHDRAW',
        counterpart: 'house',
        opensAccount: false,
        currency: 'USD',
        details,
      },
    ],
    [
      'transfer',
      'd08a2173ad7a45397a9c903e7fa33a8a9d03806d90dc1cd9915e1cd9ec401cd9',
      { ...transfer, details: {} },
    ],
    [
      'conversion',
      '6125977fac69cd4b76cd4ac52a4901489d03806d90dc1cd9915eff7bbd8a1cd9',
      { ...transfer, rate: '1.5', details },
    ],
    [
      'reversal',
      '4d5c1bd35f671c82d27bdc2014a90f2a4d559ca21cd91cd91cd91cd99c001cd9',
      { kind: 'reverse', original, details: {} },
    ],
    [
      'partial reversal',
      '6d9b1433986841ee643f1fd7a68519e64d559ca29cd91cd91cd91cd92da61cd9',
      { kind: 'reverse', original, amount: 2n, details },
    ],
    [
      'opening',
      '3540e40c1ac135798e25165ffbdf5c02e2ac94c59da31cd91cd91cd9ec40a4d0',
      { kind: 'open-account', ...alice, ...nobody, initialBalance: 0n, limits: {} },
    ],
    [
      'full opening',
      '1687df7e4df7ada5501bf9e39c0c48d2e2ac94c591fa877a1cd91cd9dc5463bb',
      {
        kind: 'open-account',
        accountId: 'alice',
        initialBalance: 7n,
        currency: 'CZK',
        tier: 'gold',
        holderId: 'h',
        agentId: 'g',
        limits: { creditLimit: null, maxBalance: 9n, minimumHold: 1n },
        details,
      },
    ],
    [
      'update',
      '491d4b11c22a8875aff3d27310a96184a10294c51cd91cd91cd91cd9ec401cb8',
      { kind: 'update-account', ...alice, limits: {} },
    ],
    [
      'full update',
      '2c1ef808774fa1ff0b9039350f148652a10294c51cd91cd91cd91cd9dc54e4fb',
      {
        kind: 'update-account',
        accountId: 'alice',
        tier: null,
        holderId: 'h',
        agentId: null,
        limits: { warningThreshold: null, criticalThreshold: 3n },
        metadata: { b: 1, a: 2 },
        details,
      },
    ],
    [
      'freezing',
      'ef14aac60badb96d2df4de348633ae1f3d0e94c51cd91cd91cd91cd9ec40a1ed',
      { kind: 'set-account-status', ...alice, status: 'frozen' },
    ],
    [
      'closing',
      'd4b7a057c887c34d2cf14885c3a0bc3d3d0e94c51cd91cd91cd91cd9dc54bb2b',
      { kind: 'set-account-status', ...alice, status: 'closed', details },
    ],
  ])('%s', (_, fingerprint, command) => {
    const prepared = prepare(command, { idempotencyKey: 'key-1', buckets: 64 });
    expect(prepared.fingerprint).toBe(fingerprint);
    expect(prepared.slot).toBe('9ed9eeec1bc5df91f0a9d2f7fddfc133');
  });
});
