import { beforeAll, describe, expect, it } from '@jest/globals';
import type { maintenanceV1 } from '@steelyard/contracts/grpc';
import { bucketOf } from '@steelyard/domain/accounts';
import { RpcError, type RpcClient } from '@steelyard/platform/rpc';
import type { BalanceClient } from './balance-calls.js';
import { wire } from './wire.js';

export type MaintenanceClient = RpcClient<typeof maintenanceV1.MaintenanceServiceService>;

export interface MaintenanceClients {
  readonly balance: BalanceClient;
  readonly maintenance: MaintenanceClient;
}

const BUCKETS = 64;
const ACCOUNT = 'maintained';
const REQUEST: maintenanceV1.RestoreAccountRequest = {
  accountId: ACCOUNT,
  bucket: bucketOf(ACCOUNT, BUCKETS),
  provenSequence: 0n,
  provenBalance: 0n,
  provenChecksum: 'GENESIS',
  performedBy: 'olga',
  reason: 'a test',
};

/** What MaintenanceService does over every transport; what the restore itself does has a suite of its own. */
export function describeMaintenance(clients: () => MaintenanceClients): void {
  describe('restoring an account', () => {
    const restore = (over: Partial<maintenanceV1.RestoreAccountRequest> = {}) =>
      clients().maintenance.call('restoreAccount', { ...REQUEST, ...over });
    const refusal = async (over: Partial<maintenanceV1.RestoreAccountRequest>): Promise<string> =>
      restore(over).then(
        () => 'granted',
        (error: unknown) => (error instanceof RpcError ? error.message : String(error)),
      );

    beforeAll(async () => {
      await clients().balance.call('execute', { commands: [wire.deposit(ACCOUNT, { amount: 120n })] });
    });

    it('says what it found, and that there was nothing to do', async () => {
      const { found, ...answer } = await restore();
      expect(found).toMatchObject({ balance: 120n, held: 0n, sequence: 1n });
      expect(answer).toEqual({ restored: false, factId: '', expected: found });
    });

    it('knows the accounts of the platform', async () => {
      const { bucket } = REQUEST;
      expect(await restore({ accountId: '@world/CHIPS', bucket })).toMatchObject({ restored: false });
    });

    it.each<[string, Partial<maintenanceV1.RestoreAccountRequest>, RegExp]>([
      ['another bucket', { bucket: (REQUEST.bucket + 1) % BUCKETS }, /^INVALID_REQUEST: .*bucket/],
      ['a bucket that is none', { accountId: '@world/CHIPS', bucket: BUCKETS }, /^INVALID_REQUEST: .*bucket/],
      ['a malformed id', { accountId: 'a b' }, /^INVALID_ACCOUNT_ID: /],
      ['half of a proof', { provenSequence: 1n }, /^INVALID_REQUEST: .*checksum/],
      ['a malformed checksum', { provenSequence: 1n, provenChecksum: 'AB' }, /^INVALID_REQUEST: .*checksum/],
      ['no reason', { reason: '' }, /^INVALID_REQUEST: reason/],
      ['nobody', { performedBy: '' }, /^INVALID_REQUEST: performedBy/],
      [
        'an unknown account',
        { accountId: 'nobody', bucket: bucketOf('nobody', BUCKETS) },
        /^ACCOUNT_NOT_FOUND: /,
      ],
      [
        'a proof of something else',
        { provenSequence: 1n, provenBalance: 7n, provenChecksum: 'ab'.repeat(32) },
        /^INTEGRITY_FAILURE: /,
      ],
    ])('refuses %s', async (_what, over, message) => {
      expect(await refusal(over)).toMatch(message);
    });
  });
}
