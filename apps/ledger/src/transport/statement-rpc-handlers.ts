import type { statementsV1 } from '@steelyard/contracts/grpc';
import type { RpcHandlers } from '@steelyard/platform/rpc';
import type { GetStatementHandler } from '../application/get-statement/get-statement.handler.js';
import { proofMessage } from './proof-rpc-handlers.js';
import { granted } from './refused-rpc-error.js';

export type StatementRpcHandlers = RpcHandlers<typeof statementsV1.StatementServiceService>;

/** What every transport serves. A refusal leaves as RefusedRpcError. */
export function statementRpcHandlers(getStatement: GetStatementHandler): StatementRpcHandlers {
  return {
    getStatement: async (request) => {
      const page = granted(await getStatement.execute(request));
      return { ...page, proof: page.proof === undefined ? undefined : proofMessage(page.proof) };
    },
  };
}
