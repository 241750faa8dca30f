import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Refused } from '@steelyard/rest/refusals';

/** Reads of tables and pots. Throws an outage when the balance app cannot answer; a refusal is a value. */
export abstract class TablesPort {
  abstract getPot(request: balanceV1.GetPotRequest): Promise<balanceV1.Pot | Refused>;
  /** An empty currency is the default one. */
  abstract getTable(request: balanceV1.GetTableRequest): Promise<balanceV1.Table | Refused>;
}
