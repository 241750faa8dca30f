import type { ReadResult, Result } from '../answers/index.js';
import type { CallOptions } from '../dispatch/index.js';
import type {
  BuyInInput,
  CancelPotInput,
  CashOutInput,
  ContributeInput,
  Movement,
  Pot,
  PotOutcome,
  Reservation,
  ReturnContributionInput,
  SetPolicyInput,
  SettleInput,
  Table,
  TablePolicy,
} from '../operations/index.js';
import type { OperationCaller, OperationOptions } from './operation-caller.js';

/** Tables, hands and pots. */
export class TableCalls<Extra = never> {
  readonly #caller: OperationCaller<Extra>;

  /** @internal */
  constructor(caller: OperationCaller<Extra>) {
    this.#caller = caller;
  }

  /** account -> table: a hold and its commit in one call, with one effect under one key. */
  buyIn(input: BuyInInput, options?: OperationOptions): Promise<Result<Reservation> | Extra> {
    return this.#caller.run('buyIn', input, options);
  }

  /** table -> account */
  cashOut(input: CashOutInput, options?: OperationOptions): Promise<Result<Movement> | Extra> {
    return this.#caller.run('cashOut', input, options);
  }

  /** table -> pot of one hand, by one seat */
  contribute(input: ContributeInput, options?: OperationOptions): Promise<Result<PotOutcome> | Extra> {
    return this.#caller.run('contribute', input, options);
  }

  /** pot -> table: an uncalled bet */
  returnContribution(
    input: ReturnContributionInput,
    options?: OperationOptions,
  ): Promise<Result<PotOutcome> | Extra> {
    return this.#caller.run('returnContribution', input, options);
  }

  /** pot -> winners and house, all or nothing. Again: granted, without payouts. */
  settle(input: SettleInput, options?: OperationOptions): Promise<Result<PotOutcome> | Extra> {
    return this.#caller.run('settlePot', input, options);
  }

  /** All contributions return to the table. Again: granted. */
  cancel(input: CancelPotInput, options?: OperationOptions): Promise<Result<PotOutcome> | Extra> {
    return this.#caller.run('cancelPot', input, options);
  }

  setPolicy(input: SetPolicyInput, options?: OperationOptions): Promise<Result<TablePolicy> | Extra> {
    return this.#caller.run('setPolicy', input, options);
  }

  pot(tableId: string, handId: string, options?: CallOptions): Promise<ReadResult<Pot>> {
    return this.#caller.read('pot', { tableId, handId }, options);
  }

  table(tableId: string, options?: CallOptions): Promise<ReadResult<Table>> {
    return this.#caller.read('table', { tableId }, options);
  }
}
