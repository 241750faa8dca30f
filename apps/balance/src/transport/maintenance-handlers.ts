import type { maintenanceV1 } from '@steelyard/contracts/grpc';
import { bucketOf, isSharedAccountId, parseAccountId } from '@steelyard/domain/accounts';
import { GENESIS } from '@steelyard/domain/ledger-chain';
import { isRefusal } from '@steelyard/domain/result';
import type { RpcHandlers } from '@steelyard/platform/rpc';
import type {
  ChainEnd,
  RestorableState,
  RestoreAccount,
} from '../application/restore-account/account-restorer.port.js';
import type { RestoreAccountHandler } from '../application/restore-account/restore-account.handler.js';
import { decodeText } from './decode-parts.js';
import { granted, RefusedRpcError } from './refused-rpc-error.js';

export type MaintenanceHandlers = RpcHandlers<typeof maintenanceV1.MaintenanceServiceService>;

const NAME_LENGTH_MAX = 128;
const REASON_LENGTH_MAX = 500;
const CHECKSUM = /^(GENESIS|[0-9a-f]{64})$/;
/** Ids of the platform itself: `@pot/<table>/<hand>/<currency>` is the longest form. */
const SYSTEM_ID = /^@[a-z]+\/[A-Za-z0-9._:@+/-]{1,390}$/;

/** What the ledger app asks of this one. */
export function maintenanceHandlers(
  restoreAccount: RestoreAccountHandler,
  buckets: number,
): MaintenanceHandlers {
  return {
    restoreAccount: async (request) => {
      const result = await restoreAccount.execute(decodeRestoreAccount(request, buckets));
      if (result.kind === 'not-restored') throw new RefusedRpcError(result.code, result.message);
      const { factId, found, expected } = result;
      return {
        restored: factId !== undefined,
        factId: factId ?? '',
        found: encodeState(found),
        expected: encodeState(expected),
      };
    },
  };
}

/** Throws RefusedRpcError for a malformed request. */
function decodeRestoreAccount(wire: maintenanceV1.RestoreAccountRequest, buckets: number): RestoreAccount {
  const { bucket } = wire;
  const accountId = SYSTEM_ID.test(wire.accountId) ? wire.accountId : granted(parseAccountId(wire.accountId));
  const isThere = isSharedAccountId(accountId) ? bucket < buckets : bucket === bucketOf(accountId, buckets);
  if (!isThere)
    throw new RefusedRpcError('INVALID_REQUEST', `account ${accountId} is not in bucket ${bucket}`);
  return {
    accountId,
    bucket,
    proven: decodeProven(wire),
    performedBy: requiredText(wire.performedBy, 'performedBy', NAME_LENGTH_MAX),
    reason: requiredText(wire.reason, 'reason', REASON_LENGTH_MAX),
  };
}

function decodeProven(wire: maintenanceV1.RestoreAccountRequest): ChainEnd {
  const { provenSequence: sequence, provenBalance: balance, provenChecksum: checksum } = wire;
  if (sequence < 0n || !CHECKSUM.test(checksum) || (sequence === 0n) !== (checksum === GENESIS)) {
    throw new RefusedRpcError('INVALID_REQUEST', 'what is proven must be a sequence with its checksum');
  }
  return { sequence, balance, checksum };
}

function requiredText(text: string, field: string, lengthMax: number): string {
  const decoded = decodeText(text, field, { lengthMax });
  if (isRefusal(decoded)) throw new RefusedRpcError(decoded.code, decoded.message);
  if (typeof decoded === 'string') return decoded;
  throw new RefusedRpcError('INVALID_REQUEST', `${field} is required`);
}

function encodeState({ balance, held, sequence, checksum }: RestorableState): maintenanceV1.RestorableState {
  return { balance, held, sequence, checksum };
}
