import { invariant } from '@steelyard/domain/result';
import type { balanceV1 } from '@steelyard/contracts/grpc';
import type { Caller } from '@steelyard/rest/access';
import type { AccountReader, CommandDispatcher } from '@steelyard/rest/balance';
import {
  attribute,
  type AttributionRequest,
  changeBody,
  type ChangeMove,
  command,
  type Posted,
  postedOf,
} from '@steelyard/rest/posting';
import { isRefused, type Refused } from '@steelyard/rest/refusals';
import { invalidChange, validChange, type Validation } from './validation.js';

export type ChangeRequest = ChangeMove & AttributionRequest;

/** A change that was posted, and what its maker is warned of. */
export interface ChangePosted {
  readonly kind: 'changed';
  readonly posted: Posted;
  readonly validation: Validation;
}

/** A change that was refused. */
export interface ChangeRefused {
  readonly kind: 'changeRefused';
  readonly refusal: Refused;
  readonly validation: Validation;
}

/** Changes one balance by a signed amount, or says what would become of it. */
export class ChangeBalanceHandler {
  constructor(
    private readonly dispatcher: CommandDispatcher,
    private readonly accounts: AccountReader,
  ) {}

  async execute(
    caller: Caller,
    idempotencyKey: string,
    request: ChangeRequest,
  ): Promise<ChangePosted | ChangeRefused> {
    const change = changeCommand(caller, idempotencyKey, request);
    const result = isRefused(change) ? change : await this.#decide(change);
    if (isRefused(result)) {
      return { kind: 'changeRefused', refusal: result, validation: invalidChange(result) };
    }
    return { kind: 'changed', posted: result, validation: await this.#validate(result) };
  }

  /** Decides as {@link execute} would, and writes nothing. `key` must be fresh: nothing is kept under it. */
  async validate(caller: Caller, key: string, request: ChangeRequest): Promise<Validation> {
    const change = changeCommand(caller, key, request);
    const result = isRefused(change) ? change : await this.#decide({ ...change, dryRun: true });
    return isRefused(result) ? invalidChange(result) : this.#validate(result);
  }

  async #decide(change: balanceV1.Command): Promise<Posted | Refused> {
    return postedOf(await this.dispatcher.execute(change));
  }

  async #validate({ transaction }: Posted): Promise<Validation> {
    const [entry] = transaction.entries;
    invariant(entry, 'a transaction has entries');
    const account = await this.accounts.find(entry.accountId);
    return validChange(account, { before: entry.balanceBefore, after: entry.balanceAfter });
  }
}

function changeCommand(caller: Caller, key: string, request: ChangeRequest): balanceV1.Command | Refused {
  const by = attribute(caller, request);
  return isRefused(by) ? by : command(key, changeBody(request, by));
}
