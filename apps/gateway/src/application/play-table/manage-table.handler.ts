import type { balanceV1 } from '@steelyard/contracts/grpc';
import { callerName, type Caller } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import { attribute, command, details, postedOf, refusalOf, type Posted } from '@steelyard/rest/posting';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import type { TablesPort } from '../ports/tables.port.js';

export interface CashOutRequest {
  readonly tableId: string;
  readonly accountId: string;
  readonly amount: bigint;
  readonly seatId?: number | undefined;
  /** The last hand that was played. */
  readonly handId?: string | undefined;
}

export interface TablePolicyRequest {
  readonly tableId: string;
  readonly escrowPolicy: 'strict' | 'observe';
  /** Absent: the deployment's default. */
  readonly currency?: string | undefined;
}

/** The chips of a table: taking them off it, and what happens when they do not suffice. */
export class ManageTableHandler {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly tables: TablesPort,
  ) {}

  /** table -> account. */
  async cashOut(caller: Caller, key: string, request: CashOutRequest): Promise<Posted | Refused> {
    const by = attribute(caller, {});
    if (isRefused(by)) return by;
    const { handId = '', seatId, ...move } = request;
    const outcome = await this.dispatcher.execute(
      command(key, { $case: 'cashOut', value: { ...move, seatId, handId, details: details({}, by) } }),
    );
    return postedOf(outcome);
  }

  /** Sets the policy and answers with the table as it is then; one that is not used yet comes into being. */
  async setPolicy(caller: Caller, request: TablePolicyRequest): Promise<balanceV1.Table | Refused> {
    const { tableId, escrowPolicy, currency = '' } = request;
    const by = { performedBy: callerName(caller), agentId: '' };
    const { result } = await this.dispatcher.execute(
      // Doing it twice is doing it once, so it needs no key.
      command('', {
        $case: 'setTablePolicy',
        value: { tableId, escrowPolicy, currency, details: details({}, by) },
      }),
    );
    if (result?.$case === 'refusal') return refusalOf(result.value);
    return this.tables.getTable({ tableId, currency });
  }
}
