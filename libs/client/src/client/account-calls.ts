import type { ReadResult, Result } from '../answers/index.js';
import type { CallOptions } from '../dispatch/index.js';
import type {
  Account,
  Balance,
  DepositInput,
  Movement,
  OpenAccountInput,
  OpenedAccount,
  WithdrawInput,
} from '../operations/index.js';
import type { OperationCaller, OperationOptions } from './operation-caller.js';

/** Calls on one account. All throw SteelyardUnavailableError when there was no answer within the deadline. */
export class AccountCalls<Extra = never> {
  readonly #caller: OperationCaller<Extra>;

  /** @internal */
  constructor(caller: OperationCaller<Extra>) {
    this.#caller = caller;
  }

  /** Creates the account unless it exists; an existing one stays as it is. */
  open(input: OpenAccountInput, options?: OperationOptions): Promise<Result<OpenedAccount> | Extra> {
    return this.#caller.run('openAccount', input, options);
  }

  /** Money from outside. Creates the account if it is absent. */
  deposit(input: DepositInput, options?: OperationOptions): Promise<Result<Movement> | Extra> {
    return this.#caller.run('deposit', input, options);
  }

  /** Money to the outside. Refused with INSUFFICIENT_BALANCE when it is not there. */
  withdraw(input: WithdrawInput, options?: OperationOptions): Promise<Result<Movement> | Extra> {
    return this.#caller.run('withdraw', input, options);
  }

  get(accountId: string, options?: CallOptions): Promise<ReadResult<Account>> {
    return this.#caller.read('account', { accountId }, options);
  }

  balance(accountId: string, options?: CallOptions): Promise<ReadResult<Balance>> {
    return this.#caller.read('balance', { accountId }, options);
  }
}
