import { refused, type ReadResult, type Result } from '../answers/index.js';
import type { BatchCommand, BatchMode, Executor, Keyed } from '../dispatch/index.js';
import type {
  BatchKind,
  OperationKind,
  OperationValues,
  Queries,
  QueryKind,
  QueryValues,
} from '../operations/index.js';
import { LegacyPathMissingError, type LegacyPath, type LegacyResult } from './legacy-path.js';

/** Carries operations out by the old path alone. */
export class LegacyExecutor implements Executor {
  constructor(
    private readonly legacy: LegacyPath,
    /** Not asked, but ended with this. */
    private readonly service: Executor,
  ) {}

  async execute<Kind extends OperationKind>({
    kind,
    input,
    idempotencyKey,
  }: Keyed<Kind>): Promise<Result<OperationValues[Kind]>> {
    const run = this.legacy.operations?.[kind];
    if (!run) throw new LegacyPathMissingError('operations', kind);
    const result: LegacyResult<OperationValues[Kind]> = await run(input, { idempotencyKey });
    if (!result.ok) return refused(result.error.code, result.error.message);
    return { ok: true, value: result.value, replayed: false, idempotencyKey };
  }

  /** One item after the other. The old path has no all or none: an atomic batch is refused. */
  async executeBatch(
    mode: BatchMode,
    commands: readonly BatchCommand[],
  ): Promise<readonly Result<OperationValues[BatchKind]>[]> {
    if (mode === 'atomic') {
      const refusal = refused('INVALID_REQUEST', 'The old path has no atomic batches', 'mode');
      return commands.map(() => refusal);
    }
    const results: Result<OperationValues[BatchKind]>[] = [];
    for (const command of commands) results.push(await this.execute<BatchKind>(command));
    return results;
  }

  async query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
  ): Promise<ReadResult<QueryValues[Kind]>> {
    const run = this.legacy.queries?.[kind];
    if (!run) throw new LegacyPathMissingError('queries', kind);
    const result: LegacyResult<QueryValues[Kind]> = await run(input);
    return result.ok ? { ok: true, value: result.value } : refused(result.error.code, result.error.message);
  }

  close(): Promise<void> {
    return this.service.close();
  }
}
