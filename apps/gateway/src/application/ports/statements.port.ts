import type { statementsV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';

/** Statements of the ledger app. Throws an outage when it cannot answer; a refusal is a value. */
export abstract class StatementsPort {
  abstract getStatement(
    request: statementsV1.GetStatementRequest,
  ): Promise<statementsV1.GetStatementResponse | Refused>;
}
