import type { ReadResult, Result } from '../answers/index.js';
import type { CallOptions, Executor } from '../dispatch/index.js';
import { idempotencyKey as keys } from '../keys/idempotency-key.js';
import type {
  OperationKind,
  Operations,
  OperationValues,
  Queries,
  QueryKind,
  QueryValues,
} from '../operations/index.js';

export interface OperationOptions extends CallOptions {
  /**
   * Under which the operation takes effect once. Without one the client makes a new key for every call, which
   * covers its own retries, but not a repetition by you: give one wherever you might call again.
   */
  readonly idempotencyKey?: string | undefined;
}

/** Gives every operation its key before anything is sent. */
export class OperationCaller<Extra> {
  constructor(readonly executor: Executor<Extra>) {}

  run<Kind extends OperationKind>(
    kind: Kind,
    input: Operations[Kind],
    { idempotencyKey = keys.random(), ...options }: OperationOptions = {},
  ): Promise<Result<OperationValues[Kind]> | Extra> {
    return this.executor.execute({ kind, input, idempotencyKey }, options);
  }

  read<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    options: CallOptions = {},
  ): Promise<ReadResult<QueryValues[Kind]>> {
    return this.executor.query(kind, input, options);
  }
}
