import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Caller } from '@steelyard/rest/access';
import type { CommandDispatcher } from '@steelyard/rest/balance';
import { attribute, command, details } from '@steelyard/rest/posting';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import { reservedOf, type Reserved } from './reserved.js';

export interface ReserveRequest {
  readonly accountId: string;
  readonly amount: bigint;
  /** Absent: as long as the deployment says. */
  readonly timeoutSeconds?: number | undefined;
  /** Where a commit moves the funds: an account or a table; out of the platform when both are absent. */
  readonly to?: string | undefined;
  readonly tableId?: string | undefined;
  readonly reference?: string | undefined;
  readonly metadata?: string | undefined;
  readonly reason?: string | undefined;
}

/** Holds funds of an account for a while. */
export class ReserveHandler {
  constructor(private readonly dispatcher: CommandDispatcher) {}

  async execute(
    caller: Caller,
    idempotencyKey: string,
    request: ReserveRequest,
  ): Promise<Reserved | Refused> {
    const by = attribute(caller, {});
    if (isRefused(by)) return by;
    const { accountId, amount, timeoutSeconds = 0, reference = '' } = request;
    const outcome = await this.dispatcher.execute(
      command(idempotencyKey, {
        $case: 'reserve',
        value: {
          accountId,
          amount,
          timeoutSeconds,
          reference,
          target: targetOf(request),
          details: details(request, by),
        },
      }),
    );
    return reservedOf(outcome);
  }
}

function targetOf({ to, tableId }: ReserveRequest): balanceV1.Reserve['target'] {
  if (to !== undefined) return { $case: 'toAccountId', value: to };
  return tableId === undefined ? undefined : { $case: 'tableId', value: tableId };
}
