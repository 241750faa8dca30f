import type { Result } from '../answers/index.js';
import type { BatchCommand, BatchMode, CallOptions, Executor } from '../dispatch/index.js';
import { idempotencyKey as keys } from '../keys/idempotency-key.js';
import type {
  DepositInput,
  Movement,
  ReverseInput,
  Transaction,
  Transfer,
  TransferInput,
  WithdrawInput,
} from '../operations/index.js';
import { AccountCalls } from './account-calls.js';
import { OperationCaller, type OperationOptions } from './operation-caller.js';
import { ReservationCalls } from './reservation-calls.js';
import { TableCalls } from './table-calls.js';

interface OwnKey {
  readonly idempotencyKey?: string | undefined;
}

/** One movement of a batch. */
export type BatchItem =
  | (OwnKey & DepositInput & { readonly kind: 'deposit' })
  | (OwnKey & WithdrawInput & { readonly kind: 'withdraw' })
  | (OwnKey & Omit<TransferInput, 'type'> & { readonly kind: 'transfer' });

export interface BatchInput {
  /** `independent`: each stands alone. `atomic`: all or none. */
  readonly mode: BatchMode;
  /** At most 5,000. */
  readonly items: readonly BatchItem[];
}

/**
 * Every call there is. What the service refuses is a value, `{ ok: false, error }`: "no" is an ordinary answer in a
 * game, and the compiler asks for it. What never was answered is thrown, as SteelyardUnavailableError: it can
 * happen anywhere, and is handled in few places.
 *
 * @typeParam Extra what an operation may come to besides a result
 */
export class Steelyard<Extra = never> {
  readonly accounts: AccountCalls<Extra>;
  readonly reservations: ReservationCalls<Extra>;
  readonly tables: TableCalls<Extra>;
  readonly #caller: OperationCaller<Extra>;

  /** @internal */
  constructor(executor: Executor<Extra>) {
    this.#caller = new OperationCaller(executor);
    this.accounts = new AccountCalls(this.#caller);
    this.reservations = new ReservationCalls(this.#caller);
    this.tables = new TableCalls(this.#caller);
  }

  /** From one account to another; between currencies with a rate. */
  transfer(input: TransferInput, options?: OperationOptions): Promise<Result<Transfer> | Extra> {
    return this.#caller.run('transfer', input, options);
  }

  /** The opposite of a transaction, whole or in part. */
  reverse(input: ReverseInput, options?: OperationOptions): Promise<Result<Transaction> | Extra> {
    return this.#caller.run('reverse', input, options);
  }

  /** Many movements in one request, in order, each under its own key. One result an item. */
  batch(
    { mode, items }: BatchInput,
    options: CallOptions = {},
  ): Promise<readonly (Result<Movement | Transfer> | Extra)[]> {
    return this.#caller.executor.executeBatch(mode, items.map(commandOf), options);
  }

  /** Ends connections; calls under way fail. */
  close(): Promise<void> {
    return this.#caller.executor.close();
  }
}

function commandOf({ idempotencyKey = keys.random(), ...item }: BatchItem): BatchCommand {
  switch (item.kind) {
    case 'deposit': {
      const { kind, ...input } = item;
      return { kind, input, idempotencyKey };
    }
    case 'withdraw': {
      const { kind, ...input } = item;
      return { kind, input, idempotencyKey };
    }
    case 'transfer': {
      const { kind, ...input } = item;
      return { kind, input, idempotencyKey };
    }
  }
}
