import type { ReadResult, Result } from '../answers/index.js';
import type { BatchCommand, BatchMode, CallOptions, Executor, Keyed } from '../dispatch/index.js';
import {
  lanesOf,
  type BatchKind,
  type OperationKind,
  type OperationValues,
  type Queries,
  type QueryKind,
  type QueryValues,
} from '../operations/index.js';
import { compareValues, mismatchesOf, type Compare, type Difference } from './difference.js';
import { LaneQueue } from './lane-queue.js';
import type { LegacyExecutor } from './legacy-executor.js';
import { TwinIds } from './twin-ids.js';
import { undo } from './undo.js';

export type OnDifference = (difference: Difference) => void;

export interface ShadowSettings {
  readonly onDifference: OnDifference;
  /** Instead of comparing amounts, statuses and currencies. */
  readonly compare?: Compare | undefined;
  /** Calls that may wait for the new path; more are reported instead of sent. Default 10,000. */
  readonly shadowWaitingMax?: number | undefined;
}

const WAITING_MAX = 10_000;

/**
 * Both paths carry every operation out: the old one decides and the caller waits for it alone; ours follows in the
 * background, in the old one's order for each account and table, and is compared with it.
 */
export class ShadowExecutor implements Executor {
  readonly #queue: LaneQueue;
  readonly #twins = new TwinIds();

  constructor(
    private readonly legacy: LegacyExecutor,
    private readonly service: Executor,
    private readonly settings: ShadowSettings,
  ) {
    this.#queue = new LaneQueue(settings.shadowWaitingMax ?? WAITING_MAX);
  }

  async execute<Kind extends OperationKind>(
    command: Keyed<Kind>,
    options: CallOptions,
  ): Promise<Result<OperationValues[Kind]>> {
    const { kind, input, idempotencyKey } = command;
    const legacy = await this.legacy.execute(command);
    const lanes = [...lanesOf(kind, input), ...this.#twins.lanesBehind(input)];
    if (legacy.ok) this.#twins.note(legacy.value, lanes);
    this.#enqueue({ kind, input, idempotencyKey, legacy, mismatches: [] }, lanes, () =>
      this.#follow(command, legacy, options),
    );
    return legacy;
  }

  /** The items of an independent batch, one after the other. */
  async executeBatch(
    mode: BatchMode,
    commands: readonly BatchCommand[],
    options: CallOptions,
  ): Promise<readonly Result<OperationValues[BatchKind]>[]> {
    if (mode === 'atomic') return this.legacy.executeBatch(mode, commands);
    const results: Result<OperationValues[BatchKind]>[] = [];
    for (const command of commands) results.push(await this.execute<BatchKind>(command, options));
    return results;
  }

  async query<Kind extends QueryKind>(
    kind: Kind,
    input: Queries[Kind],
    options: CallOptions,
  ): Promise<ReadResult<QueryValues[Kind]>> {
    const legacy = await this.legacy.query(kind, input);
    const lanes = [...lanesOfQuery(input), ...this.#twins.lanesBehind(input)];
    const comparison = { kind, input, legacy, mismatches: [] };
    // Behind what the old path has done already.
    this.#enqueue(comparison, lanes, async () => {
      const steelyard = await this.service.query(kind, this.#translated(input), options);
      this.#reportMismatches({ ...comparison, steelyard });
    });
    return legacy;
  }

  /** Waits until our path has followed. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  async close(): Promise<void> {
    await this.settled();
    await this.legacy.close();
  }

  #enqueue(comparison: Difference, lanes: readonly string[], work: () => Promise<void>): void {
    const report = (failure: unknown) => this.settings.onDifference({ ...comparison, failure });
    const isTaken = this.#queue.add(lanes, () => work().catch(report));
    if (!isTaken) report(new Error('too many calls wait for the new path; this one was not sent to it'));
  }

  async #follow<Kind extends OperationKind>(
    { kind, input, idempotencyKey }: Keyed<Kind>,
    legacy: Result<OperationValues[Kind]>,
    options: CallOptions,
  ): Promise<void> {
    const own = this.#translated(input);
    const steelyard = await this.service.execute({ kind, input: own, idempotencyKey }, options);
    if (legacy.ok && steelyard.ok) this.#twins.link(legacy.value, steelyard.value);
    const comparison: Difference = { kind, input, idempotencyKey, legacy, steelyard, mismatches: [] };
    if (legacy.ok || !steelyard.ok) return this.#reportMismatches(comparison);
    const undone = await undo(this.service, kind, steelyard).catch(() => false);
    this.#reportMismatches({ ...comparison, undone });
  }

  #translated<Input extends object>(input: Input): Input {
    const own = this.#twins.translate(input);
    if (own !== undefined) return own;
    throw new Error('only the old path knows the reservation or transaction that this names');
  }

  #reportMismatches(difference: Difference): void {
    const { kind, legacy, steelyard } = difference;
    if (steelyard === undefined) return;
    const compare = this.settings.compare ?? ((_kind, old, own) => compareValues(old, own));
    const mismatches = mismatchesOf(legacy, steelyard, (old, own) => compare(kind, old, own));
    if (mismatches.length > 0) this.settings.onDifference({ ...difference, mismatches });
  }
}

function lanesOfQuery(input: Queries[QueryKind]): readonly string[] {
  if ('accountId' in input) return [`account/${input.accountId}`];
  if ('tableId' in input) return [`table/${input.tableId}`];
  return [`reservation/${input.reservationId}`];
}
