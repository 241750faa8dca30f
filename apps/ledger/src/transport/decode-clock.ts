import { ledgerV1 } from '@steelyard/contracts/grpc';
import { RpcError } from '@steelyard/platform/rpc';
import type { LedgerClock } from '../application/get-balance-at/get-balance-at.handler.js';

/** The clock that a request names; committed when it names none. @throws RpcError for one that does not exist */
export function decodeClock(clock: ledgerV1.Clock | undefined): LedgerClock {
  switch (clock) {
    case undefined:
    case ledgerV1.Clock.CLOCK_UNSPECIFIED:
    case ledgerV1.Clock.CLOCK_COMMITTED:
      return 'committed';
    case ledgerV1.Clock.CLOCK_EFFECTIVE:
      return 'effective';
    default:
      throw new RpcError('INVALID_ARGUMENT', 'INVALID_REQUEST: clock must be COMMITTED or EFFECTIVE');
  }
}
