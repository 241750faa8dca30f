import type { ReadResult, Result } from '../answers/index.js';
import type {
  BatchKind,
  OperationKind,
  OperationValues,
  Queries,
  QueryKind,
  QueryValues,
} from '../operations/index.js';
import type { BatchMode, Keyed } from './wire-transport.port.js';

export interface CallOptions {
  /** For the whole call with all its retries, instead of the client's. */
  readonly deadlineMs?: number | undefined;
}

/** Part of a batch: any of the kinds. */
export type BatchCommand = { readonly [Kind in BatchKind]: Keyed<Kind> }[BatchKind];

/**
 * What carries operations out: the service, or what stands before it during a migration.
 *
 * @typeParam Extra what an operation may come to besides a result
 */
export interface Executor<Extra = never> {
  /** @throws SteelyardUnavailableError when there was no answer within the deadline */
  execute<Kind extends OperationKind>(
    command: Keyed<Kind>,
    options: CallOptions,
  ): Promise<Result<OperationValues[Kind]> | Extra>;

  executeBatch(
    mode: BatchMode,
    commands: readonly BatchCommand[],
    options: CallOptions,
  ): Promise<readonly (Result<OperationValues[BatchKind]> | Extra)[]>;

  query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    options: CallOptions,
  ): Promise<ReadResult<QueryValues[Kind]>>;

  close(): Promise<void>;
}
