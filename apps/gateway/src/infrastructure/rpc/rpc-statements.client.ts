import type { statementsV1 } from '@steelyard/contracts/grpc';
import type { RpcClient } from '@steelyard/platform/rpc';
import { orRefusal, type Refused } from '@steelyard/rest/refusals';
import { StatementsPort } from '../../application/ports/statements.port.js';

export type StatementsRpc = RpcClient<typeof statementsV1.StatementServiceService>;

/** Statements of the ledger app over gRPC or NATS, whichever the client speaks. */
export class RpcStatementsClient extends StatementsPort {
  constructor(private readonly rpc: StatementsRpc) {
    super();
  }

  getStatement(
    request: statementsV1.GetStatementRequest,
  ): Promise<statementsV1.GetStatementResponse | Refused> {
    return orRefusal('ACCOUNT_NOT_FOUND', () => this.rpc.call('getStatement', request));
  }
}
