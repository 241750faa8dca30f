import type { maintenanceV1 } from '@steelyard/contracts/grpc';
import { RpcError, type RpcClient } from '@steelyard/platform/rpc';
import { refuseRead, type ReadRefusal } from '../../application/read-refusal.js';
import {
  AccountRestorer,
  type RestoreRequest,
} from '../../application/reconciliation/account-restorer.port.js';

export type MaintenanceRpc = RpcClient<typeof maintenanceV1.MaintenanceServiceService>;

/** Refusals of the balance app that are ours to pass on; any other answer is a bug between the two. */
const REFUSAL = /^(INTEGRITY_FAILURE|ACCOUNT_NOT_FOUND): (.*)$/s;

/** The balance app, the only writer of balances. */
export class RpcAccountRestorer extends AccountRestorer {
  constructor(private readonly rpc: MaintenanceRpc) {
    super();
  }

  override async restore(request: RestoreRequest): Promise<boolean | ReadRefusal> {
    const { bucket, accountId, proven, performedBy, reason } = request;
    try {
      const { restored } = await this.rpc.call('restoreAccount', {
        bucket,
        accountId,
        provenSequence: proven.sequence,
        provenBalance: proven.balance,
        provenChecksum: proven.checksum,
        performedBy,
        reason,
      });
      return restored;
    } catch (error) {
      const refusal = error instanceof RpcError ? refusalIn(error.message) : undefined;
      if (refusal !== undefined) return refusal;
      throw error;
    }
  }
}

function refusalIn(text: string): ReadRefusal | undefined {
  const [, code, message = ''] = REFUSAL.exec(text) ?? [];
  if (code === 'INTEGRITY_FAILURE' || code === 'ACCOUNT_NOT_FOUND')
    return refuseRead(code, message, 'accountId');
  return undefined;
}
