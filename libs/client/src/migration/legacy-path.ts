import type { Refusal } from '../answers/index.js';
import type {
  OperationKind,
  Operations,
  OperationValues,
  Queries,
  QueryKind,
  QueryValues,
} from '../operations/index.js';

/** What the old path comes to, in the words of this library. */
export type LegacyResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Pick<Refusal, 'code' | 'message'> };

/** Given to the old path with each operation. */
export interface LegacyContext {
  /** The key that the new path uses for the same operation. */
  readonly idempotencyKey: string;
}

type LegacyOperations = {
  readonly [Kind in OperationKind]?: (
    input: Operations[Kind],
    context: LegacyContext,
  ) => Promise<LegacyResult<OperationValues[Kind]>>;
};

type LegacyQueries = {
  readonly [Kind in QueryKind]?: (input: Queries[Kind]) => Promise<LegacyResult<QueryValues[Kind]>>;
};

/** The path that is being replaced: one function for each operation and read that the program uses. */
export interface LegacyPath {
  readonly operations?: LegacyOperations;
  readonly queries?: LegacyQueries;
}

/** The program calls something for which no old path was given. */
export class LegacyPathMissingError extends Error {
  override readonly name = 'LegacyPathMissingError';

  constructor(where: 'operations' | 'queries', kind: string) {
    super(`the modes off and shadow need legacy.${where}.${kind}; give it, or use enforce`);
  }
}
